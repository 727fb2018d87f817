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
