// Types of what Prismiq takes and answers, for TypeScript.
//
// Made by `make docs`, of prismiq_definition_schema() and test/lib/answers.d.ts; do not edit it.
// The compiler checks it against answers of a database (test/http/types.mjs).

// ---- query definitions --------------------------------------------------------

/** Arguments of an aggregation. */
export type Arguments = {
  /** Of corr: the column or calculated field to correlate with. */
  column?: string | null;
  /** Of percentile: from 0 to 1. */
  fraction?: Scalar | ParamUse | null;
  /** Of first, last and lists: the column that says the order. */
  order_by?: string | null;
  /** Where in a jsonb column the value stands: keys of objects, places in arrays. */
  path?: (string | number)[] | null;
  /** Of string_agg: what stands between the values. */
  separator?: Scalar | ParamUse | null;
  /** What that value is taken as; one that does not fit is null. */
  type?: "text" | "number" | "integer" | "boolean" | "date" | "timestamp" | "uuid" | null;
} & ({
  path?: null;
  type?: null;
} | {
  order_by: {};
  path: {};
  type: {};
} | {
  column: {};
  path: {};
  type: {};
});

/** A column that is worked out of others. */
export type CalculatedField = {
  /** An expression, with names in square brackets. */
  expression: string;
  /** How the rest of the definition names it. */
  name: string;
  /** The type that it is cast to. */
  data_type?: "text" | "string" | "number" | "numeric" | "decimal" | "integer" | "bigint" | "float"
    | "double" | "boolean" | "date" | "timestamp" | "datetime" | "TEXT" | "STRING" | "NUMBER"
    | "NUMERIC" | "DECIMAL" | "INTEGER" | "BIGINT" | "FLOAT" | "DOUBLE" | "BOOLEAN" | "DATE"
    | "TIMESTAMP" | "DATETIME" | null;
};

/** A column of the answer. */
export type Column = {
  /** How the values of a group become one. */
  aggregation?: "none" | "sum" | "avg" | "count" | "count_distinct" | "min" | "max" | "median"
    | "percentile" | "stddev" | "variance" | "corr" | "mode" | "first" | "last" | "bool_and"
    | "bool_or" | "string_agg" | "array_agg" | "approx_count_distinct" | "NONE" | "SUM" | "AVG"
    | "COUNT" | "COUNT_DISTINCT" | "MIN" | "MAX" | "MEDIAN" | "PERCENTILE" | "STDDEV" | "VARIANCE"
    | "CORR" | "MODE" | "FIRST" | "LAST" | "BOOL_AND" | "BOOL_OR" | "STRING_AGG" | "ARRAY_AGG"
    | "APPROX_COUNT_DISTINCT" | null;
  /** Its name in the answer. */
  alias?: string | null;
  /** What the aggregation is told besides its column. */
  args?: Arguments | null;
  /** A column or calculated field; "*" for count. */
  column?: string | null;
  /** A pattern of strftime, for who shows it. */
  date_format?: string | null;
  /** The span of time that its values are cut to. */
  date_trunc?: string | null;
  /** A label, for who shows it. */
  display_name?: string | null;
  /** Whether the aggregation takes each value once. */
  distinct?: boolean | null;
  /** Conditions on the rows that the aggregation takes. */
  filters?: Filter[] | null;
  /** A format, for who shows it. */
  format?: string | null;
  /** A measure of the application's model instead of a column. */
  measure?: string | null;
  /** Where in a jsonb column the value stands: keys of objects, places in arrays. */
  path?: (string | number)[] | null;
  /** The zone of a timestamp that has none. */
  source_timezone?: string | ParamUse | null;
  /** The id of the table that has the column; a calculated field needs none. */
  table_id?: string | null;
  /** What that value is taken as; one that does not fit is null. */
  type?: "text" | "number" | "integer" | "boolean" | "date" | "timestamp" | "uuid" | null;
  /** Whether there is a group for each element of an array. */
  unnest?: boolean | null;
} & ({
  column: {};
  measure?: null;
  path?: null;
  type?: null;
} | {
  column: {};
  path: {};
  type: {};
  measure?: null;
} | {
  measure: {};
  aggregation?: null;
  args?: null;
  column?: null;
  date_trunc?: null;
  distinct?: null;
  filters?: null;
  path?: null;
  source_timezone?: null;
  type?: null;
  unnest?: null;
});

/** A comparison with a period before. */
export type Compare = {
  /** The period before, by its name or by how far back it is. */
  period: "previous_period" | "previous_week" | "previous_month" | "previous_year"
    | "PREVIOUS_PERIOD" | "PREVIOUS_WEEK" | "PREVIOUS_MONTH" | "PREVIOUS_YEAR" | Offset;
};

/** A whole period. */
export type DateWindow = {
  /** The length of the window. */
  period: "daily" | "weekly" | "monthly" | "quarterly" | "yearly";
  /** Which one: 0 is the current one, -1 the last. */
  value: number | ParamUse;
};

/** A condition on rows. */
export type Filter = FilterTest | {
  and: Filter[];
} | {
  or: Filter[];
} | {
  not: Filter;
};

/** A condition on rows. */
export type FilterTest = {
  /** A column or calculated field. */
  column: string;
  /** How the column is compared with the value. */
  operator: unknown;
  /** Conditions on aggregates stand in "having". */
  aggregation?: null;
  /** Of an aggregation. */
  args?: null;
  /** Conditions on measures stand in "having". */
  measure?: null;
  /** Whether a negation lets rows without a value through, as it does by default. */
  nulls?: "include" | "exclude" | null;
  /** Where in a jsonb column the value stands: keys of objects, places in arrays. */
  path?: (string | number)[] | null;
  /** Of which rows it speaks: those that are joined, or related rows. */
  scope?: "join" | "any" | "none" | null;
  /** The zone of a timestamp that has none. */
  source_timezone?: string | ParamUse | null;
  /** The id of the table that has the column; a calculated field needs none. */
  table_id?: string | null;
  /** What that value is taken as; one that does not fit is null. */
  type?: "text" | "number" | "integer" | "boolean" | "date" | "timestamp" | "uuid" | null;
  /** What the operator takes. */
  value?: unknown;
} & ({
  column: {};
  path?: null;
  type?: null;
} | {
  column: {};
  path: {};
  type: {};
}) & ({
  operator: "eq" | "neq" | "gt" | "gte" | "lt" | "lte" | "like" | "ilike" | "not_like" | "not_ilike"
    | "contains" | "starts_with" | "ends_with" | "array_contains";
  value: Scalar | ParamUse;
} | {
  operator: "in" | "in_" | "not_in" | "in_or_null";
  value: Values | ParamUse;
} | {
  operator: "between" | "not_between";
  value: Pair | ParamUse;
} | {
  operator: "is_null" | "is_not_null";
  value?: null;
} | {
  operator: "date_relative" | "not_date_relative";
  value: number | ParamUse;
} | {
  operator: "date_window";
  value: DateWindow;
} | {
  operator: "date_preset";
  value: "today" | "yesterday" | "last_7_days" | "last_30_days" | "this_week" | "last_week"
    | "this_month" | "last_month" | "this_quarter" | "last_quarter" | "this_year" | "last_year"
    | "all_time" | `last_${number}_${"minutes" | "hours" | "days" | "weeks" | "months"}`
    | ParamUse;
} | {
  operator: "in_query" | "not_in_query";
  value: QueryValue;
});

/** Rows around the current one. */
export type Frame = {
  /** Rows after; none by default. */
  following?: number | "all" | "ALL" | null;
  /** Rows before; all by default. */
  preceding?: number | "all" | "ALL" | null;
};

/** A condition on an aggregate. */
export type Having = HavingTest | {
  and: Having[];
} | {
  or: Having[];
} | {
  not: Having;
};

/** A condition on an aggregate. */
export type HavingTest = {
  /** How the column is compared with the value. */
  operator: unknown;
  /** The aggregate that is compared. */
  aggregation?: "none" | "sum" | "avg" | "count" | "count_distinct" | "min" | "max" | "median"
    | "percentile" | "stddev" | "variance" | "corr" | "mode" | "first" | "last" | "bool_and"
    | "bool_or" | "string_agg" | "array_agg" | "approx_count_distinct" | "NONE" | "SUM" | "AVG"
    | "COUNT" | "COUNT_DISTINCT" | "MIN" | "MAX" | "MEDIAN" | "PERCENTILE" | "STDDEV" | "VARIANCE"
    | "CORR" | "MODE" | "FIRST" | "LAST" | "BOOL_AND" | "BOOL_OR" | "STRING_AGG" | "ARRAY_AGG"
    | "APPROX_COUNT_DISTINCT" | null;
  /** What the aggregation is told besides its column. */
  args?: Arguments | null;
  /** An alias of the answer; with an aggregation a column. */
  column?: string | null;
  /** A measure of the application's model instead of a column. */
  measure?: string | null;
  /** Whether a negation lets rows without a value through, as it does by default. */
  nulls?: "include" | "exclude" | null;
  /** Where in a jsonb column the value stands: keys of objects, places in arrays. */
  path?: (string | number)[] | null;
  /** Of filters. */
  scope?: null;
  /** Of filters. */
  source_timezone?: null;
  /** The id of the table that has the column; a calculated field needs none. */
  table_id?: string | null;
  /** What that value is taken as; one that does not fit is null. */
  type?: "text" | "number" | "integer" | "boolean" | "date" | "timestamp" | "uuid" | null;
  /** What the operator takes. */
  value?: unknown;
} & ({
  column: {};
  aggregation?: null;
  args?: null;
  measure?: null;
  path?: null;
  table_id?: null;
  type?: null;
} | {
  aggregation: {};
  column: {};
  measure?: null;
  path?: null;
  type?: null;
} | {
  aggregation: {};
  column: {};
  path: {};
  type: {};
  measure?: null;
} | {
  measure: {};
  aggregation?: null;
  args?: null;
  column?: null;
  path?: null;
  source_timezone?: null;
  type?: null;
}) & ({
  operator: "eq" | "neq" | "gt" | "gte" | "lt" | "lte" | "like" | "ilike" | "not_like" | "not_ilike"
    | "contains" | "starts_with" | "ends_with" | "array_contains";
  value: Scalar | ParamUse;
} | {
  operator: "in" | "in_" | "not_in" | "in_or_null";
  value: Values | ParamUse;
} | {
  operator: "between" | "not_between";
  value: Pair | ParamUse;
} | {
  operator: "is_null" | "is_not_null";
  value?: null;
} | {
  operator: "date_relative" | "not_date_relative";
  value: number | ParamUse;
} | {
  operator: "date_window";
  value: DateWindow;
} | {
  operator: "date_preset";
  value: "today" | "yesterday" | "last_7_days" | "last_30_days" | "this_week" | "last_week"
    | "this_month" | "last_month" | "this_quarter" | "last_quarter" | "this_year" | "last_year"
    | "all_time" | `last_${number}_${"minutes" | "hours" | "days" | "weeks" | "months"}`
    | ParamUse;
} | {
  operator: "in_query" | "not_in_query";
  value: QueryValue;
});

/** How two tables are joined. */
export type Join = {
  /** The id of the table on the left. */
  from_table_id: string;
  /** The id of the table on the right. */
  to_table_id: string;
  /** Its column. */
  from_column?: string | null;
  /** Which rows without a partner stay; none by default. */
  join_type?: "INNER" | "LEFT" | "RIGHT" | "FULL" | "inner" | "left" | "right" | "full" | null;
  /** Pairs of columns instead of one pair, all of which must fit. */
  on?: JoinKey[] | null;
  /** Its column. */
  to_column?: string | null;
} & ({
  from_column: {};
  to_column: {};
  on?: null;
} | {
  on: {};
  from_column?: null;
  to_column?: null;
});

/** A pair of columns of a join. */
export type JoinKey = {
  /** A column of the table on the left. */
  from_column: string;
  /** A column of the table on the right. */
  to_column: string;
  /** How the two are compared; they are equal by default. */
  operator?: "eq" | "neq" | "gt" | "gte" | "lt" | "lte" | null;
};

/** How far back a period is. */
export type Offset = {
  /** An interval, such as "7 days". */
  offset: string;
};

/** What rows are ordered by. */
export type Order = {
  /** A column of the answer instead. */
  alias?: string | null;
  /** A column or calculated field. */
  column?: string | null;
  /** Ascending, which is the default, or descending. */
  direction?: "ASC" | "DESC" | "asc" | "desc" | null;
  /** Where nulls stand; as PostgreSQL has it by default. */
  nulls?: "first" | "last" | "FIRST" | "LAST" | null;
  /** Where in a jsonb column the value stands: keys of objects, places in arrays. */
  path?: (string | number)[] | null;
  /** The id of the table that has the column; a calculated field needs none. */
  table_id?: string | null;
  /** What that value is taken as; one that does not fit is null. */
  type?: "text" | "number" | "integer" | "boolean" | "date" | "timestamp" | "uuid" | null;
} & ({
  alias: {};
  column?: null;
  path?: null;
  type?: null;
} | {
  column: {};
  alias?: null;
  path?: null;
  type?: null;
} | {
  column: {};
  path: {};
  type: {};
  alias?: null;
});

/** The lowest value and the highest. */
export type Pair = [Scalar | ParamUse, Scalar | ParamUse];

/** A parameter. */
export type Param = {
  /** The type of its value; with [] a list of such. */
  type: "text" | "number" | "integer" | "boolean" | "date" | "timestamp" | "uuid" | "text[]"
    | "number[]" | "integer[]" | "boolean[]" | "date[]" | "timestamp[]" | "uuid[]";
  /** The value where none is given. */
  default?: Scalar | Scalar[] | null;
  /** Whether a value must be given. */
  required?: boolean | null;
};

/** The value of a parameter. */
export type ParamUse = {
  /** The name of a parameter, whose value stands here. */
  param: string;
  /** Whether a condition is left out where the value was not given. */
  optional?: boolean | null;
};

/** Columns that are made of values. */
export type Pivot = {
  /** The column of the answer whose values become columns. */
  column: string;
  /** The measure that they hold. */
  value: string;
  /** The most columns that are made; 50 by default. */
  max_columns?: number | ParamUse | null;
  /** Columns of the answer that stay; all others by default. */
  rows?: string[] | null;
  /** The values that become columns, in order; all by default. */
  values?: Scalar[] | null;
};

/** A condition on a column of the answer. */
export type Qualify = QualifyTest | {
  and: Qualify[];
} | {
  or: Qualify[];
} | {
  not: Qualify;
};

/** A condition on a column of the answer. */
export type QualifyTest = {
  /** An alias of the answer. */
  column: string;
  /** How the column is compared with the value. */
  operator: unknown;
  /** Conditions on aggregates stand in "having". */
  aggregation?: null;
  /** Of an aggregation. */
  args?: null;
  /** Conditions on measures stand in "having". */
  measure?: null;
  /** Whether a negation lets rows without a value through, as it does by default. */
  nulls?: "include" | "exclude" | null;
  /** Of columns of tables. */
  path?: null;
  /** Of filters. */
  scope?: null;
  /** Of filters. */
  source_timezone?: null;
  /** Of columns of tables. */
  table_id?: null;
  /** Of columns of tables. */
  type?: null;
  /** What the operator takes. */
  value?: unknown;
} & ({
  operator: "eq" | "neq" | "gt" | "gte" | "lt" | "lte" | "like" | "ilike" | "not_like" | "not_ilike"
    | "contains" | "starts_with" | "ends_with" | "array_contains";
  value: Scalar | ParamUse;
} | {
  operator: "in" | "in_" | "not_in" | "in_or_null";
  value: Values | ParamUse;
} | {
  operator: "between" | "not_between";
  value: Pair | ParamUse;
} | {
  operator: "is_null" | "is_not_null";
  value?: null;
} | {
  operator: "date_relative" | "not_date_relative";
  value: number | ParamUse;
} | {
  operator: "date_window";
  value: DateWindow;
} | {
  operator: "date_preset";
  value: "today" | "yesterday" | "last_7_days" | "last_30_days" | "this_week" | "last_week"
    | "this_month" | "last_month" | "this_quarter" | "last_quarter" | "this_year" | "last_year"
    | "all_time" | `last_${number}_${"minutes" | "hours" | "days" | "weeks" | "months"}`
    | ParamUse;
} | {
  operator: "in_query" | "not_in_query";
  value: QueryValue;
});

/** A query definition. */
export type Definition = {
  /** The columns of the answer, in order. */
  columns: Column[];
  /** The tables that the rows come from. */
  tables: Table[];
  /** Columns that are worked out of others. */
  calculated_fields?: CalculatedField[] | null;
  /** Puts the values of a period before beside each measure. */
  compare?: Compare | null;
  /** What becomes of measures whose rows a join repeats. */
  fan_out?: "correct" | "error" | "allow" | null;
  /** Conditions on the rows, all of which must hold. */
  filters?: Filter[] | null;
  /** What the rows are grouped by; by default the columns without an aggregation. */
  group_by?: Reference[] | null;
  /** Conditions on aggregates, all of which must hold. */
  having?: Having[] | null;
  /** How they are joined; tables without a join are joined along foreign keys. */
  joins?: Join[] | null;
  /** The most rows of the answer. */
  limit?: number | ParamUse | null;
  /** The rows that are left out before the first. */
  offset?: number | ParamUse | null;
  /** What the answer is ordered by. */
  order_by?: Order[] | null;
  /** Parameters by their names, whose values are given at run time. */
  params?: Record<string, Param> | null;
  /** Makes columns of the values of a column. */
  pivot?: Pivot | null;
  /** Conditions on windows, all of which must hold. */
  qualify?: Qualify[] | null;
  /** Groups by spans of time. */
  time_series?: TimeSeries | null;
  /** Only the largest groups, the rest in one row. */
  top?: Top | null;
  /** Subtotals: of all group columns, or of those with these aliases. */
  totals?: string[] | boolean | null;
  /** Columns that are worked out of neighbouring rows of the answer. */
  windows?: Window[] | null;
};

/** The values of another query. */
export type QueryValue = {
  /** A definition of one column, whose values are compared with. */
  query: Definition;
};

/** A span of time. */
export type Range = {
  /** The last day, or the first moment after. */
  end?: Scalar | ParamUse | null;
  /** The first moment. */
  start?: Scalar | ParamUse | null;
};

/** A column or calculated field that rows are grouped by. */
export type Reference = {
  /** A column or calculated field. */
  column: string;
  /** Where in a jsonb column the value stands: keys of objects, places in arrays. */
  path?: (string | number)[] | null;
  /** The id of the table that has the column; a calculated field needs none. */
  table_id?: string | null;
  /** What that value is taken as; one that does not fit is null. */
  type?: "text" | "number" | "integer" | "boolean" | "date" | "timestamp" | "uuid" | null;
  /** Whether there is a group for each element of an array. */
  unnest?: boolean | null;
} & ({
  column: {};
  path?: null;
  type?: null;
} | {
  column: {};
  path: {};
  type: {};
});

/** A single value. */
export type Scalar = string | number | boolean | null;

/** A column of the answer that rows are ordered by. */
export type Sort = {
  /** A column of the answer. */
  alias: string;
  /** Ascending, which is the default, or descending. */
  direction?: "ASC" | "DESC" | "asc" | "desc" | null;
  /** Where nulls stand; as PostgreSQL has it by default. */
  nulls?: "first" | "last" | "FIRST" | "LAST" | null;
};

/** A table, a nested definition or a saved query. */
export type Table = {
  /** How the rest of the definition names the table. */
  id: string;
  /** A label, and no more. */
  alias?: string | null;
  /** The name of an exposed table or view. */
  name?: string | null;
  /** A nested definition instead of a name. */
  query?: Definition | null;
  /** The id of a saved query instead of a name. */
  saved_query?: string | null;
  /** Its schema, where the name alone is not enough. */
  schema?: string | null;
} & ({
  name: {};
  query?: null;
  saved_query?: null;
} | {
  query: {};
  name?: null;
  saved_query?: null;
  schema?: null;
} | {
  saved_query: {};
  name?: null;
  query?: null;
  schema?: null;
});

/** Groups by spans of time. */
export type TimeSeries = {
  /** The column whose times are grouped. */
  date_column: string;
  /** The width of the buckets, or what suits the range. */
  interval: string | ParamUse;
  /** Its name in the answer. */
  alias?: string | null;
  /** Whether a bucket that has not ended is left out. */
  complete_only?: boolean | null;
  /** What an empty bucket shows. */
  fill?: "value" | "null" | "previous" | "linear" | null;
  /** Whether the last value before the range is carried into it, with "previous". */
  fill_before?: boolean | null;
  /** Whether buckets without rows are shown, as they are by default. */
  fill_missing?: boolean | null;
  /** The value of empty buckets; 0 by default. */
  fill_value?: Scalar | ParamUse | null;
  /** Whether quarters and years follow the fiscal year. */
  fiscal?: boolean | null;
  /** The most buckets that "auto" makes. */
  max_points?: number | null;
  /** Where buckets are counted from. */
  origin?: Scalar | ParamUse | null;
  /** Where in a jsonb column the value stands: keys of objects, places in arrays. */
  path?: (string | number)[] | null;
  /** The span that is shown. */
  range?: Range | null;
  /** The zone of a timestamp that has none. */
  source_timezone?: string | ParamUse | null;
  /** The id of the table that has the column; a calculated field needs none. */
  table_id?: string | null;
  /** The zone whose days these are. */
  timezone?: string | ParamUse | null;
  /** What that value is taken as; one that does not fit is null. */
  type?: "text" | "number" | "integer" | "boolean" | "date" | "timestamp" | "uuid" | null;
  /** The first day of the week. */
  week_start?: "sunday" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday"
    | "SUNDAY" | "MONDAY" | "TUESDAY" | "WEDNESDAY" | "THURSDAY" | "FRIDAY" | "SATURDAY" | null;
} & ({
  date_column: {};
  path?: null;
  type?: null;
} | {
  date_column: {};
  path: {};
  type: {};
});

/** The largest groups. */
export type Top = {
  /** The alias of the measure that they are the largest by. */
  by: string;
  /** How many groups. */
  n: number | ParamUse;
  /** Whether the rest is shown in one row, as it is by default. */
  other?: boolean | null;
};

/** A list of values. */
export type Values = (Scalar | ParamUse)[];

/** A column that is worked out of neighbouring rows of the answer. */
export type Window = {
  /** Its name in the answer. */
  alias: string;
  /** What is worked out. */
  function: "running_total" | "moving_avg" | "rank" | "dense_rank" | "row_number" | "ntile" | "lag"
    | "lead" | "first_value" | "last_value" | "percent_of_total" | "difference" | "percent_change"
    | "cumulative_percent" | "RUNNING_TOTAL" | "MOVING_AVG" | "RANK" | "DENSE_RANK" | "ROW_NUMBER"
    | "NTILE" | "LAG" | "LEAD" | "FIRST_VALUE" | "LAST_VALUE" | "PERCENT_OF_TOTAL" | "DIFFERENCE"
    | "PERCENT_CHANGE" | "CUMULATIVE_PERCENT";
  /** Which of the neighbours count. */
  frame?: Frame | null;
  /** How many rows, or parts. */
  n?: number | ParamUse | null;
  /** The column of the answer that it is of. */
  of?: string | null;
  /** The order of the neighbours. */
  order_by?: Sort[] | null;
  /** Aliases; rows in which they differ are no neighbours. */
  partition_by?: string[] | null;
};

// ---- answers of definitions ---------------------------------------------------

/** A value of an answer: a number that JSON cannot hold, and all that is no number, is text. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

/** What prismiq_query and its kin take beside a definition; docs/answers.md tells more. */
export interface QueryOptions {
  format?: 'arrays' | 'objects' | 'columnar' | null;
  /** Values of parameters, by their names. */
  params?: Record<string, Scalar | Scalar[]> | null;
  sort?: Sort[] | null;
  limit?: number | null;
  offset?: number | null;
  page?: number | null;
  page_size?: number | null;
  count?: 'exact' | 'estimated' | null;
  metadata?: boolean | null;
  timezone?: string | null;
  disable_aggregation?: boolean | null;
  max_rows?: number | null;
  timeout_ms?: number | null;
  bigint?: 'string' | null;
  /** Of CSV: without protection from formulas. */
  raw?: boolean | null;
}

/** The same of widgets. */
export interface WidgetOptions extends QueryOptions {
  formatted?: boolean | null;
  /** Points that were chosen in widgets of the dashboard, by their ids. */
  cross_filter?: { [widgetId: string]: Point } | null;
  /** A picture beside the answer; true means light. */
  spec?: boolean | 'light' | 'dark' | null;
  config?: boolean | null;
  /** Of prismiq_dashboard_data: ids of those that are answered, in this order. */
  widgets?: string[] | null;
}

export interface Warning {
  code: string;
  message: string;
  /** A JSON pointer into what was given. */
  path: string;
  suggestion: string | null;
}

/** What prismiq_validate returns. */
export interface Verdict {
  valid: boolean;
  errors: Warning[];
  warnings: Warning[];
}

/** What prismiq_query returns; which rows, the option "format" says. */
export interface QueryAnswer<Rows = Value[][] | Record<string, Value>[]> {
  columns: string[];
  /** The names of PostgreSQL's types. */
  column_types: string[];
  /** "arrays": a list a row; "objects": an object a row; "columnar": a list a column. */
  rows: Rows;
  row_count: number;
  truncated: boolean;
  execution_time_ms: number;
  is_from_cache: boolean;
  cached_at: string | null;
  /** The width of the buckets, if there are any. */
  bucket: string | null;
  warnings: Warning[];
  /** With the option "count". */
  total_count?: number;
  /** With the option "metadata". */
  metadata?: Record<string, Value>[];
}

// ---- answers of widgets ---------------------------------------------------------

export interface FormatObject {
  type?: string | null;
  decimals?: number | null;
  currency?: string | null;
  unit?: string | null;
  prefix?: string | null;
  suffix?: string | null;
  date_format?: string | null;
}

/** The name of a format, or an object. */
export type Format = string | FormatObject;

export type Role = 'time' | 'dimension' | 'measure' | 'level';

export interface AnswerColumn {
  name: string;
  label: string;
  role: Role;
  type: string;
  format: Format | null;
  unit: string | null;
}

/** A point of a widget's answer: {column: value as answered}. */
export type Point = { [column: string]: string | number | boolean | null };

/** Which of the dashboard's filters the answer goes by. */
export interface AppliedFilter {
  /** Of a point that was chosen in a widget: that widget's. */
  id: string;
  /** Only then: the column of the point. */
  column?: string;
  applied: boolean;
  reason: 'no_value' | 'not_listed' | 'no_such_column' | null;
}

export interface Status {
  level: number;
  color: string | null;
  label: string | null;
}

export interface Trend {
  current: Value;
  previous: Value;
  change: Value;
  change_percent: Value;
  direction: 'up' | 'down' | 'flat' | null;
  good: boolean | null;
}

export interface MetricShape {
  value: Value;
  formatted: string;
  label: string | null;
  status: Status | null;
  trend: Trend | null;
  sparkline: [Value, Value][] | null;
  target: number | null;
  min: number | null;
  max: number | null;
}

export interface Axis {
  role: Role;
  type: string;
  label: string;
}

export interface Annotation {
  value?: number | string | null;
  from?: number | string | null;
  to?: number | string | null;
  label?: string | null;
  color?: string | null;
}

/** A line, bar or area chart. */
export interface LinesShape {
  x: Axis | null;
  series: { name: string; label: string; color: string | null; points: [Value, Value][] }[];
  annotations: Annotation[];
  stacked: boolean;
}

/** A scatter chart ([x, y, label, size]) or a map ([longitude, latitude, label, size]). */
export interface PointsShape {
  x: Axis | null;
  y: Axis | null;
  series: { name: string; label: string; color: string | null;
    points: [Value, Value, Value, Value][] }[];
  annotations: Annotation[];
  stacked: boolean;
}

export interface PieShape {
  slices: { name: string; label: string; value: Value; formatted: string; percent: Value;
    color: string | null }[];
  total: Value;
}

export interface HeatMapShape {
  x: Axis & { values: Value[] };
  y: Axis & { values: Value[] };
  /** [index of x, index of y, value] */
  cells: [number, number, Value][];
}

export type SeriesShape = LinesShape | PointsShape | PieShape | HeatMapShape;

export interface TableShape {
  columns: (AnswerColumn & { sortable: boolean; align: 'left' | 'center' | 'right';
    width?: number | null })[];
  total_count: number;
  page: number;
  /** null where the answer is not by pages */
  page_size: number | null;
  sort: Sort[];
}

export interface StatusShape {
  services: { name: string; value: Value; label: string; color: string | null; level: number;
    since: Value; message: Value }[];
  /** A label. */
  worst: string | null;
  counts: Record<string, number>;
}

export interface TextShape {
  content: string;
  markdown: true;
}

/** What all answers of widgets have. */
export interface AnswerBase {
  /** null of a preview */
  widget_id: string | null;
  /** A row of prismiq_widget_types. */
  type: string;
  title: string | null;
  columns: AnswerColumn[];
  /** null where the answer has no rows of its own */
  timezone: string | null;
  bucket: string | null;
  rows: Value[][];
  row_count: number;
  truncated: boolean;
  filters: AppliedFilter[];
  warnings: Warning[];
  execution_time_ms: number;
  /** The rows as text, with the option "formatted". */
  formatted?: (string | null)[][];
  /** The config of the widget over that of its type, with the option "config". */
  config?: WidgetConfig;
  /** A picture of it, with the option "spec"; null where it is no chart. */
  spec?: Picture | null;
}

/** What a field of the data in a picture is. */
export interface PictureField {
  kind: 'category' | 'time' | 'number';
  label: string | null;
  unit?: string | null;
  /** Of colors: the ends of their scale, as people read them. */
  least?: string;
  greatest?: string;
}

/** A specification of Vega-Lite 6 with its data inside, which prismiq_widget_spec returns, too. */
export interface Picture {
  $schema: string;
  description: string;
  usermeta: { prismiq: {
    type: string;
    shape: 'series';
    theme: 'light' | 'dark';
    timezone: string | null;
    fields: {
      x?: PictureField | null;
      y?: PictureField | null;
      size?: PictureField | null;
      color?: PictureField;
      /** What points are told by. */
      label?: string | null;
      /** What the keys in the field "series" stand for, in order. */
      series?: { label: string | null;
        values: { key: string; label: string; color: string; dash: number[] }[] };
    };
  } };
  /** The theme. */
  config: Record<string, unknown>;
  [key: string]: unknown;
}

/** The key that is called like the shape has what is drawn. */
export type WidgetAnswer =
  | (AnswerBase & { shape: 'metric'; metric: MetricShape })
  | (AnswerBase & { shape: 'series'; series: SeriesShape })
  | (AnswerBase & { shape: 'table'; table: TableShape })
  | (AnswerBase & { shape: 'status'; status: StatusShape })
  | (AnswerBase & { shape: 'text'; text: TextShape })
  | (AnswerBase & { shape: 'custom'; custom: Record<string, Value> | null });

/** What prismiq_widget_drill returns: the rows behind a point. */
export type DrillAnswer = AnswerBase & { shape: 'table'; table: TableShape;
  definition: Definition; point_filters: Filter[] };

/** What is in place of an answer that there is not. */
export interface WidgetError {
  error: { code: string; sqlstate: string; message: string; hint?: string | null;
    /** All that is wrong with its definition. */
    errors?: Warning[] | null };
}

/** What prismiq_dashboard_data returns, by the ids of widgets. */
export type DashboardAnswer = Record<string, WidgetAnswer | WidgetError>;

/** What prismiq_filter_options returns. */
export interface FilterOptions {
  options: { value: Value; label: string; count: number | null }[];
  truncated: boolean;
}

// ---- documents -------------------------------------------------------------------

export interface Position {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Layout {
  columns: number;
  row_height: number;
  margin: [number, number];
  compact_type: 'vertical' | 'horizontal' | 'none' | null;
}

/** A layout as functions take it; two keys have other names too. */
export type LayoutData = Partial<Layout> & {
  rowHeight?: number | null;
  compactType?: Layout['compact_type'];
};

/** A filter of a dashboard. */
export interface DashboardFilter {
  id: string;
  type: 'date_range' | 'select' | 'multi_select' | 'text' | 'number_range' | 'search';
  label?: string | null;
  field: string;
  /** The id or name of a table, where more than one has the field. */
  table?: string | null;
  default_value?: Value;
  options?: (Scalar | { value: Scalar; label?: string | null })[] | null;
  date_preset?: string | null;
  dynamic?: boolean | null;
  /** Ids of widgets; all without it. */
  applies_to?: string[] | null;
}

/** The keys of config that all types know; a type may have its own beside them. */
export interface WidgetConfig {
  description?: string | null;
  format?: Format | null;
  formats?: Record<string, Format> | null;
  labels?: Record<string, string> | null;
  colors?: string[] | Record<string, string> | null;
  empty_text?: string | null;
  refresh_interval?: number | null;
  click?: { dashboard_id: string; filters?: Record<string, string> | null } | null;
  drill_down?: { enabled?: boolean | null; columns?: string[] | null } | null;
  value?: string | null;
  thresholds?: { value: number; color?: string | null; label?: string | null }[] | null;
  invert?: boolean | null;
  trend?: Compare | null;
  sparkline?: { interval?: string | null; table?: string | null; column?: string | null } | null;
  target?: number | null;
  min?: number | null;
  max?: number | null;
  status_mapping?: { value: Scalar; color?: string | null; label?: string | null }[]
    | Record<string, { color?: string | null; label?: string | null }> | null;
  name?: string | null;
  since?: string | null;
  message?: string | null;
  x?: string | null;
  y?: string | string[] | null;
  series?: string | null;
  stacked?: boolean | null;
  orientation?: 'vertical' | 'horizontal' | null;
  fill?: boolean | null;
  y_range?: [number | null, number | null] | null;
  y_label?: string | null;
  max_series?: number | null;
  max_slices?: number | null;
  annotations?: Annotation[] | null;
  page_size?: number | null;
  sortable?: boolean | string[] | null;
  columns?: { name: string; label?: string | null; format?: Format | null;
    align?: 'left' | 'center' | 'right' | null; width?: number | null }[] | null;
  default_sort?: Sort[] | null;
  content?: string | null;
  endpoint?: string | null;
  parameters?: Record<string, Value> | null;
  template?: string | null;
  [own: string]: unknown;
}

/** A widget as it is given; only the type must be there. */
export interface WidgetData {
  id?: string | null;
  type: string;
  title?: string | null;
  query?: Definition | null;
  saved_query_id?: string | null;
  position?: Position | null;
  config?: WidgetConfig | null;
}

/** A widget as it is returned. */
export interface Widget {
  id: string;
  tenant_id: string;
  dashboard_id: string;
  type: string;
  title: string | null;
  query: Definition | null;
  saved_query_id: string | null;
  position: Position;
  config: WidgetConfig;
  version: number;
  created_at: string;
  updated_at: string;
}

/** A dashboard as it is given; only the name must be there. */
export interface DashboardData {
  name: string;
  description?: string | null;
  layout?: LayoutData | null;
  filters?: DashboardFilter[] | null;
  owner_id?: string | null;
  is_public?: boolean | null;
  is_default?: boolean | null;
  allowed_viewers?: string[] | null;
  allowed_editors?: string[] | null;
  timezone?: string | null;
  refresh_interval?: number | null;
  widgets?: WidgetData[] | null;
}

/** A dashboard as it is returned. */
export interface Dashboard {
  id: string;
  tenant_id: string;
  name: string;
  description: string | null;
  layout: Layout;
  filters: DashboardFilter[];
  owner_id: string | null;
  created_by: string | null;
  is_public: boolean;
  is_default: boolean;
  allowed_viewers: string[];
  allowed_editors: string[];
  timezone: string | null;
  refresh_interval: number | null;
  version: number;
  created_at: string;
  updated_at: string;
  is_owner: boolean;
  can_edit: boolean;
  is_provided: boolean;
  widgets: Widget[];
  /** Of a copy: what was left out of it. */
  warnings?: { path: string; code: string; message: string }[];
}

/** What prismiq_dashboard_export returns; ids are names within the document. */
export interface DashboardExport {
  format: 'prismiq.dashboard';
  version: '1.0';
  name: string;
  description?: string | null;
  layout?: LayoutData | null;
  filters?: DashboardFilter[] | null;
  timezone?: string | null;
  refresh_interval?: number | null;
  widgets?: WidgetData[] | null;
  saved_queries?: { id: string; name: string; description?: string | null; query: Definition;
    is_shared?: boolean | null }[] | null;
  warnings?: { path: string; code: string; message: string }[] | null;
}

// ---- elements --------------------------------------------------------------------

/** Values of filters by their ids; null turns one off. */
export type FilterValues = Record<string, Value>;

/** The events of the elements, and what their `detail` is. */
export interface PrismiqEvents {
  'prismiq-ready': { dashboard: Dashboard };
  'prismiq-data': { widgets: string[] };
  'prismiq-token': { respond(token: string | null | Promise<string | null>): void };
  'prismiq-error': { error: Error | WidgetError['error']; widgetId?: string };
  'prismiq-filters': { filters: FilterValues };
  'prismiq-point': { widgetId: string; point: Point; label: string; answer: WidgetAnswer };
  'prismiq-drill': { widgetId: string; point: Point; label: string };
  'prismiq-click': { widgetId: string; dashboardId: string; filters: FilterValues };
}

/** What the elements of prismiq.js share. */
export interface PrismiqElement extends HTMLElement {
  /** What is sent to the gateway; another one loads anew. */
  token: string | null;
  filters: FilterValues;
  /** Draws anew, after a custom property has changed. */
  redraw(): void;
  addEventListener<K extends keyof PrismiqEvents>(type: K,
    listener: (this: this, event: CustomEvent<PrismiqEvents[K]>) => unknown,
    options?: boolean | AddEventListenerOptions): void;
  addEventListener<K extends keyof HTMLElementEventMap>(type: K,
    listener: (this: HTMLElement, event: HTMLElementEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions): void;
}

/** <prismiq-dashboard> */
export interface PrismiqDashboard extends PrismiqElement {
  /** What is shown; null until it is known. */
  readonly dashboard: Dashboard | null;
  /** The charts that are drawn, as views of Vega. */
  readonly views: unknown[];
  /** Asks for all anew. */
  refresh(): Promise<void>;
}

/** <prismiq-widget> */
export interface PrismiqWidget extends PrismiqElement {
  readonly views: unknown[];
  refresh(): Promise<void>;
}

/** <prismiq-filter-bar> */
export interface PrismiqFilterBar extends PrismiqElement {
  definition: DashboardFilter[] | null;
}

declare global {
  interface HTMLElementTagNameMap {
    'prismiq-dashboard': PrismiqDashboard;
    'prismiq-widget': PrismiqWidget;
    'prismiq-filter-bar': PrismiqFilterBar;
  }
}
