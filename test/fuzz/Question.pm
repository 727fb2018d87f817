package Question;

# A random valid definition over a world, and, as far as it can be said in plain
# SQL, a statement that says what is right. The statement takes each row of a
# measure's table once with DISTINCT ON over the joined rows, in a subselect a
# measure, which our compiler never writes.

use strict;
use warnings;

use Condition;
use Expression;
use JSON::PP ();
use Oracle;
use Stages;
use World;

our @ISA = ('Oracle', 'Stages');

*chance = \&World::chance;
*pick = \&World::pick;
*quoted = \&World::quoted;
*name = \&World::name;
*bucket = \&Oracle::bucket;
*aggregate = \&Oracle::aggregate;

our @ZONES = qw(UTC America/New_York Europe/Berlin Asia/Kathmandu Australia/Lord_Howe
  America/Sao_Paulo Asia/Beirut America/Havana Pacific/Apia America/St_Johns);
our @NAMES = ('total', 'Total "x"', "gr\x{f6}\x{df}e", 'select', 'with space', 'a,b', '=sum', 'b',
	'd1', 'm1', '_level', "it's");

# Joins that the tables do not declare: other types, many to many.
my @ODD = (
	[qw(orders small items quantity)], [qw(customers region refunds reason)],
	[qw(orders status customers region)], [qw(refunds amount items quantity)],
	[qw(orders channel products kind)], [qw(items note products sku)],
	[qw(orders big items line)], [qw(customers since orders shipped)],
	[qw(orders placed_at refunds refunded)], [qw(products margin refunds amount)],
	[qw(orders discount items line)], [qw(customers active orders paid)]);

my %FLIP = (LEFT => 'RIGHT', RIGHT => 'LEFT', INNER => 'INNER', FULL => 'FULL');

# Nothing is chosen yet.
sub begin
{
	my ($class, $world) = @_;
	my $self = bless {
		world => $world, tables => [], def => {}, options => {}, outputs => [], joins => [],
		oracle => 1, hidden => [], fields => [], session_zone => pick(@ZONES)
	}, $class;

	$self->{zone} = $self->{session_zone};
	if (chance(0.4))
	{
		$self->{zone} = $self->{options}{timezone} = pick(@ZONES);
	}
	return $self;
}

sub new
{
	my ($class, $world) = @_;
	my $self = $class->begin($world);

	$self->choose_tables;
	$self->choose_series if chance(0.3);
	$self->choose_fields if chance(0.3);
	$self->choose_filters;
	$self->choose_columns;
	$self->choose_related if chance(0.15);
	$self->choose_windows if $self->{grouped} && chance(0.25);
	$self->choose_totals if $self->{grouped} && chance(0.12);
	$self->choose_top if $self->{grouped} && chance(0.12);
	$self->choose_comparison if $self->{grouped} && chance($self->{series} ? 0.15 : 0.35);
	$self->choose_order;
	$self->choose_pivot if $self->{grouped} && chance(0.1);
	$self->choose_part if chance(0.2);
	$self->choose_params if chance(0.2);
	return $self;
}

# ---- Tables and joins --------------------------------------------------------

sub columns_of
{
	my ($self, $table) = @_;

	return @{ $table->{derived}{columns} } if $table->{derived};

	my $rid = $self->{world}->rid($table->{name});

	return ([ $rid, $rid eq 'iata' ? 'text' : $rid eq 'id' ? 'bigint' : 'integer' ],
		map { [ $_->[0], World::plain_type($_->[1]) ] }
		  @{ $self->{world}{tables}{ $table->{name} }{columns} });
}

sub type_of
{
	my ($self, $table, $column) = @_;

	return (grep { $_->[0] eq $column } $self->columns_of($table))[0][1];
}

# The rows of a table that the tenant has, as a person would write them.
sub source
{
	my ($self, $table) = @_;

	return "($table->{derived}{sql}) AS " . name($table->{id}) if $table->{derived};
	my $tenant = $self->{world}{tables}{ $table->{name} }{tenant};

	return sprintf '(SELECT * FROM %s%s) AS %s', $self->{world}->qualified($table->{name}),
	  $tenant ? ' WHERE ' . name($tenant) . ' = ' . quoted($self->{world}->tenant) : '',
	  name($table->{id});
}

sub add_table
{
	my ($self, $name) = @_;
	my @ids = ('t', 'x.y', 'T"1', 'j', 'b', 'd', 'data', 'o', 'base');
	my $table = { name => $name, id => pick(@ids) . (1 + @{ $self->{tables} }) };

	push @{ $self->{tables} }, $table;
	push @{ $self->{def}{tables} },
	  { id => $table->{id}, name => $name, schema => $self->{world}{schema} };
	return $table;
}

# All joins that could be: [child, its column, parent, its column].
sub edges
{
	my ($self) = @_;
	my @edges = $self->{world}{flights} ? () : @ODD;
	my %key = (airports => 'iata');

	for my $name (sort keys %{ $self->{world}{tables} })
	{
		for my $column (@{ $self->{world}{tables}{$name}{columns} })
		{
			push @edges, ([ $name, $column->[0], $column->[2], $key{$column->[2]} // 'id' ])
			  x 4
			  if $column->[2];
		}
	}
	return @edges;
}

# How many joins.
sub joins { return pick(0, 0, 1, 1, 2, 2, 3); }

sub choose_tables
{
	my ($self) = @_;
	my $first = $self->add_table($self->{world}{flights} ? 'flights'
		: pick(qw(orders orders orders items items customers refunds products categories)));

	$self->{from} = $self->source($first);
	for (1 .. $self->joins)
	{
		# The airports are many: only those that are flown to.
		my $near = $self->{world}{flights} ? $first : pick(@{ $self->{tables} });
		my ($own, $name, $column) = $self->edge_from($near);

		next if !$name;
		$self->add_join($near, $own, $self->add_table($name), $column);
	}
	$self->choose_derived if chance(0.15) && !$self->{world}{flights};
	if (chance(0.15))
	{
		my $way = pick(qw(allow correct error));

		$self->{def}{fan_out} = $way;
	}
	$self->{way} = $self->{def}{fan_out} // 'correct';
	return;
}

# A natural edge from a table: its own column, another table's name and column; or nothing.
sub edge_from
{
	my ($self, $near) = @_;
	my @edges = $self->edges;
	my ($edge) = grep { $_->[0] eq $near->{name} || $_->[2] eq $near->{name} }
	  map { pick(@edges) } 1 .. 40;

	return if !$edge;
	return @$edge[ 3, 0, 1 ]
	  if $edge->[0] ne $near->{name} || ($edge->[2] eq $near->{name} && chance(0.5));
	return @$edge[ 1 .. 3 ];
}

# A definition of its own over a table: its id, JSON of it without columns, SQL of its rows.
sub nested
{
	my ($self, $name) = @_;
	my $table = { name => $name, id => pick('q', 'x.y', 't1') };
	my %def = (tables => [ { id => $table->{id}, name => $name,
				schema => $self->{world}{schema} } ]);
	my $from = $self->source($table);

	if (chance(0.6))
	{
		my ($json, $sql) = Condition::tree($self->subject($table), $self->{zone}, 1);

		$def{filters} = [$json];
		$from .= " WHERE ($sql)";
	}
	return ($table, \%def, $from);
}

# Join with the groups of a table.
sub choose_derived
{
	my ($self) = @_;
	my $near = pick(@{ $self->{tables} });
	my ($own, $name, $column) = $self->edge_from($near);

	return if !$name;
	my ($table, $def, $from) = $self->nested($name);
	my $type = $self->type_of($table, $column);
	my ($amount) = grep { Condition::is_number($_->[1]) }
	  map { pick($self->columns_of($table)) } 1 .. 20;
	my @columns = ([ key => $type ], [ n => 'bigint' ]);
	my @sql = (name($column) . ' AS key', 'count(*) AS n');

	$def->{columns} = [ { table_id => $table->{id}, column => $column, alias => 'key' },
		{ table_id => $table->{id}, column => '*', aggregation => 'count', alias => 'n' } ];
	if ($amount)
	{
		my $how = pick(qw(min max));

		push @{ $def->{columns} }, { table_id => $table->{id}, column => $amount->[0],
			aggregation => $how, alias => 'most' };
		push @columns, [ most => $amount->[1] ];
		push @sql, "$how(" . name($amount->[0]) . ') AS most';
	}
	my $derived = $self->add_table('derived');

	delete @{ $self->{def}{tables}[-1] }{qw(name schema)};
	$self->{def}{tables}[-1]{query} = $def;
	$derived->{derived} = {
		columns => \@columns,
		sql => 'SELECT *, row_number() OVER () AS rid FROM (SELECT ' . join(', ', @sql)
		  . " FROM $from GROUP BY 1) AS g"
	};
	return $self->add_join($near, $own, $derived, 'key');
}

# A condition that a column has one of the values of another definition.
sub in_query
{
	my ($self) = @_;
	my $near = pick(grep { !$_->{derived} } @{ $self->{tables} });
	my ($own, $name, $column) = $self->edge_from($near);

	return if !$name;
	my ($table, $def, $from) = $self->nested($name);
	my $types = join ' ', $self->type_of($near, $own), $self->type_of($table, $column);
	my $cast = $types =~ /double|real/ ? '::float8' : $types =~ /numeric|PRICE/ ? '::numeric' : '';
	my $e = name($near->{id}) . '.' . name($own);
	my $in = "$e$cast IN (SELECT " . name($column) . "$cast FROM (SELECT * FROM $from) AS n WHERE "
	  . name($column) . ' IS NOT NULL)';
	my $op = pick(qw(in_query not_in_query));

	$def->{columns} = [ { table_id => $table->{id}, column => $column } ];
	return (
		{
			table_id => $near->{id}, column => $own, operator => $op, value => { query => $def }
		},
		$op eq 'in_query' ? $in : "($e IS NULL OR NOT $in)");
}

my %OPERATOR = (eq => '=', neq => '<>', gt => '>', gte => '>=', lt => '<', lte => '<=');
my %MIRROR = (eq => 'eq', neq => 'neq', gt => 'lt', gte => 'lte', lt => 'gt', lte => 'gte');

# A column of each table, of one type.
sub alike
{
	my ($self, $one, $two) = @_;

	for (1 .. 30)
	{
		my $mine = pick($self->columns_of($one));
		my $its = pick($self->columns_of($two));

		return ($mine->[0], $its->[0])
		  if $mine->[1] eq $its->[1] && $mine->[1] !~ /jsonb|\[\]/;
	}
	return;
}

# One join, written in either direction.
sub add_join
{
	my ($self, $near, $own, $table, $column) = @_;
	my $type = pick(qw(INNER INNER INNER LEFT LEFT LEFT),
		$self->{world}{flights} ? () : qw(RIGHT FULL));
	my ($from, $from_column, $to, $to_column, $said) = ($near, $own, $table, $column, $type);
	my $types = join ' ', map { $self->type_of(@$_) } [ $near, $own ], [ $table, $column ];
	my $one = name($near->{id}) . '.' . name($own);
	my $two = name($table->{id}) . '.' . name($column);

	$table->{nullable} = 1 if $type =~ /LEFT|FULL/;
	if ($type =~ /RIGHT|FULL/)
	{
		$_->{nullable} = 1 for grep { $_ != $table } @{ $self->{tables} };
	}
	# The types' own equality may not hash or merge across types: say it in one.
	($one, $two) = map { "${_}::numeric" } $one, $two
	  if $types =~ /numeric|PRICE/ && $types !~ /double|real/;
	($one, $two) = map { "${_}::float8" } $one, $two if $types =~ /double|real/;
	my $on = "$one = $two";
	my @pairs = ([ $own, 'eq', $column ]);

	if (chance(0.25))
	{
		my @more;

		for (0 .. int rand 2)
		{
			my ($mine, $its) = $self->alike($near, $table);
			# The airports are many: not every one for every flight.
			my $op = $type eq 'FULL' || $self->{world}{flights} ? 'eq'
			  : pick(qw(eq eq neq gt gte lt lte));

			push @more, [ $mine, $op, $its ] if $mine;
		}
		my @said = map { name($near->{id}) . '.' . name($_->[0]) . " $OPERATOR{$_->[1]} "
			  . name($table->{id}) . '.' . name($_->[2]) } @more;

		if (@more && $type ne 'FULL' && chance(0.3))
		{
			@pairs = @more;
			$on = join ' AND ', @said;
		}
		else
		{
			push @pairs, @more;
			$on = join ' AND ', $on, @said;
		}
	}
	if ($type ne 'FULL' && chance(0.12))
	{
		my ($json, $condition) = Condition::tree(
			sub {
				my ($about, $of, $e) = $self->any_column(undef, $table);

				return [ { %$about, scope => 'join' }, $of, $e ];
			},
			$self->{zone}, 0);

		$on .= " AND ($condition)";
		push @{ $self->{def}{filters} }, $json;
	}
	$self->{from} .= sprintf "\n  %s JOIN %s ON %s", $type, $self->source($table), $on;
	if (chance(0.5))
	{
		($from, $to, $said) = ($table, $near, $FLIP{$type});
		@pairs = map { [ $_->[2], $MIRROR{ $_->[1] }, $_->[0] ] } @pairs;
	}
	my %columns = @pairs == 1 && $pairs[0][1] eq 'eq'
	  ? (from_column => $pairs[0][0], to_column => $pairs[0][2])
	  : (on => [ map { {
				from_column => $_->[0], to_column => $_->[2],
				$_->[1] ne 'eq' || chance(0.3) ? (operator => $_->[1]) : () } } @pairs ]);

	push @{ $self->{def}{joins} },
	  {
		from_table_id => $from->{id}, to_table_id => $to->{id}, %columns,
		($said ne 'INNER' || chance(0.5)) ? (join_type => pick($said, lc $said)) : ()
	  };
	return;
}

# ---- Columns ------------------------------------------------------------------

# How many of the columns are calculated.
sub share_of_fields { return 0.4; }
sub share_of_arrays { return 0.15; }

sub share_of_insides { return 0.7; }

# A value inside of a jsonb column, as World makes them.
sub inside
{
	my ($json, $type, $e) = @_;
	my $scalar = sub { "jsonb_typeof($e -> '$_[0]') IN ($_[1])" };
	my ($as, $sql_type, $sql, @path) = @{
		pick(
			[ 'number', 'numeric', "CASE WHEN @{[ $scalar->('a', q('number', 'string')) ]} "
			  . "THEN ($e ->> 'a')::numeric END", 'a' ],
			[ 'text', 'text', "CASE WHEN @{[ $scalar->('t', q('number', 'string', 'boolean')) ]} "
			  . "THEN $e ->> 't' END", 't' ],
			[ 'boolean', 'boolean', "CASE WHEN @{[ $scalar->('b', q('boolean', 'string')) ]} "
			  . "THEN ($e ->> 'b')::boolean END", 'b' ],
			[ 'date', 'date', "($e ->> 'd')::date", 'd' ],
			[ 'integer', 'bigint', "CASE WHEN jsonb_typeof($e #> '{n,1}') = 'string' "
			  . "THEN ($e #>> '{n,1}')::bigint END", 'n', 1 ],
			[ 'timestamp', 'timestamp', "($e ->> 'd')::timestamp", 'd' ]) };

	return ({ %$json, path => \@path, type => $as }, $sql_type, "($sql)");
}

# What names a column in the JSON of one, and no more; and that as a text.
sub reference
{
	my ($json) = @_;

	return { map { exists $json->{$_} ? ($_ => $json->{$_}) : () } qw(table_id column path type) };
}

sub reference_text
{
	my ($json) = @_;

	return join "\0", map { $_ // '' } @$json{qw(table_id column type)}, @{ $json->{path} // [] };
}

# Any column of any table: (JSON of it, type, SQL, table).
sub any_column
{
	my ($self, $want, $of) = @_;

	if (!$of && @{ $self->{fields} } && chance($self->share_of_fields))
	{
		my $field = pick(@{ $self->{fields} });

		return ({ column => $field->{name} }, $field->{type}, $field->{sql}, $field->{table})
		  if !$want || $want->($field->{type});
	}
	for (1 .. 60)
	{
		my $table = $of // pick(@{ $self->{tables} });
		my $column = pick($self->columns_of($table));
		my @found = ({ table_id => $table->{id}, column => $column->[0] }, $column->[1],
			name($table->{id}) . '.' . name($column->[0]));

		@found = inside(@found)
		  if $column->[1] eq 'jsonb' && $self->share_of_insides && chance($self->share_of_insides);
		next if $want && !$want->($found[1]);
		next if $column->[0] eq 'rid' && chance(0.8);
		return (@found, $table);
	}
	return;
}

# Give a column its name in the answer.
sub add_output
{
	my ($self, $output) = @_;
	my $json = $output->{json};

	if (chance(0.6))
	{
		$json->{alias} = pick(@NAMES);
	}
	my $wanted = $json->{alias} // ($json->{column} eq '*' ? 'count'
		: ($json->{aggregation} // 'none') ne 'none' ? "$json->{column}_$json->{aggregation}"
		: $json->{column});
	$output->{name} = $self->free_name($wanted);
	push @{ $self->{outputs} }, $output;
	push @{ $self->{def}{columns} }, $json;
	return;
}

sub free_name
{
	my ($self, $wanted) = @_;
	my %taken = map { $_->{name} => 1 } @{ $self->{outputs} };
	my $name = $wanted;

	for (my $n = 2; $taken{$name}; $n++) { $name = "${wanted}_$n"; }
	return $name;
}

my @UNITS = ('day', 'week', 'month', 'quarter', 'year');
my %AGGREGATES = (
	number => [qw(sum sum avg avg min max median percentile stddev variance corr count count_distinct
		mode first last string array_agg approx_count_distinct)],
	boolean => [qw(bool_and bool_or count count_distinct mode first last)],
	text => [qw(min max string_agg string_agg count count_distinct mode first last array_agg)],
	KIND => [qw(min max count count_distinct mode median last)],
	time => [qw(min max count count_distinct median first last mode)],
	interval => [qw(sum avg min max count median)],
	uuid => [qw(count count_distinct first mode)],
	'text[]' => [qw(count count_distinct mode)],
	jsonb => [qw(count count_distinct first)]);

sub class
{
	my ($type) = @_;

	return Condition::is_number($type) ? 'number' : Condition::is_time($type) ? 'time'
	  : $type eq 'varchar' ? 'text' : $type;
}

# A field with aggregates of its own.
sub add_field
{
	my ($self) = @_;
	my $table = pick(@{ $self->{tables} });
	my $name = 'measure ' . @{ $self->{outputs} };
	my $field = $self->{world}->expressions->new($self, $table)->measure($name);

	$self->{oracle} = 0 if $table->{nullable};
	push @{ $self->{def}{calculated_fields} },
	  { name => $name, expression => $field->{expression} };
	return $self->add_output({
		json => { column => $name }, table => $table, type => 'double precision', float => 1,
		result => 'number', parts => $field->{parts}, formula => $field->{formula} });
}

# Fields of single rows, each of one table.
sub choose_fields
{
	my ($self) = @_;

	for my $n (1 .. 1 + int rand 2)
	{
		my $field =
		  $self->{world}->expressions->new($self, pick(@{ $self->{tables} }))->field("field $n");

		push @{ $self->{fields} }, $field;
		push @{ $self->{def}{calculated_fields} },
		  { name => $field->{name}, expression => $field->{expression} };
	}
	return;
}

# The same column, now and then as instants: local times, read in a zone without gaps. All
# of a definition that names the column says so, for one place speaks for the conditions.
sub zoned
{
	my ($self, $json, $type, $e, $table) = @_;

	return ($json, $type, $e, $table)
	  if !$json || ($type // '') ne 'timestamp' || !$json->{table_id};
	my $zone = $self->{source_zones}{"$json->{table_id} $json->{column}"} //=
	  chance(0.25) ? pick('Asia/Tokyo', 'UTC') : '';

	return ($json, $type, $e, $table) if !$zone;
	return ({ %$json, source_timezone => $zone }, 'timestamptz', "($e AT TIME ZONE '$zone')",
		$table);
}

sub add_measure
{
	my ($self) = @_;

	return $self->add_field if chance(0.12);
	my ($json, $type, $e, $table) = $self->zoned($self->any_column);
	my @ways = grep { !$table->{derived} || !/^(?:first|last|string_agg|array_agg)$/ }
	  @{ $AGGREGATES{ class($type) } };
	my $how = pick(grep { $_ ne 'string' } @ways);
	my $output = { table => $table };

	if (chance(0.2))
	{
		($how, $e, $type) = ('count', 'true', 'boolean');
		$json = { table_id => $table->{id}, column => '*' };
	}
	$json->{aggregation} = $how;
	if ($how eq 'percentile')
	{
		$json->{args} = { fraction => pick(0, 0.1, 0.25, 0.95, 1) };
	}
	elsif ($how =~ /^(?:first|last)$/)
	{
		$json->{args} = { order_by => $self->{world}->rid($table->{name}) };
	}
	elsif ($how eq 'corr')
	{
		my ($with, undef, $y) = $self->any_column(sub { Condition::is_number($_[0]) }, $table);

		$json->{args} = { map { $_ => $with->{$_} } grep { exists $with->{$_} } qw(column path type) };
		$output->{with} = $y;
	}
	elsif ($how =~ /_agg$/)
	{
		$json->{args}{separator} = pick(' | ', '', "'") if $how eq 'string_agg' && chance(0.4);
		$json->{args}{order_by} = $self->{world}->rid($table->{name}) if chance(0.5);
	}
	$json->{distinct} = JSON::PP::true
	  if chance(0.12) && $json->{column} ne '*' && !$json->{args}{order_by}
	  && $how =~ /^(?:sum|avg|min|max|count|stddev|variance|string_agg|array_agg)$/;
	# What nulls an outer join makes are worth to an array is not for here.
	$self->{oracle} = 0
	  if ($how eq 'array_agg' || !$json->{table_id}) && $table->{nullable};
	delete $json->{args} if $json->{args} && !%{ $json->{args} };
	if (chance(0.15))
	{
		my ($filter, $sql) = Condition::tree($self->subject, $self->{zone}, 1);

		$json->{filters} = [$filter];
		$output->{filter} = $sql;
	}
	$output->{json} = $json;
	$output->{e} = $e;
	$output->{type} = $type;
	$output->{aggregate} = aggregate($json, $type);
	$output->{result} = $how =~ /^(?:count|count_distinct|approx_count_distinct)$/ ? 'bigint'
	  : $how =~ /^(?:sum|avg|min|max|median|percentile|stddev|variance|corr|mode|first|last)$/
	  && Condition::is_number($type) ? 'number' : 'other';
	$output->{float} = $how =~ /^(?:median|percentile|corr)$/
	  || ($how !~ /count/ && $type =~ /^(?:real|double precision)$/);
	$output->{same_rows} = $json->{distinct} || $how =~ /^(?:min|max|.*count_distinct)$/;
	return $self->add_output($output);
}

sub subject
{
	my ($self, $of) = @_;

	return sub {
		my ($json, $type, $e) = $self->zoned($self->any_column(undef, $of));

		return [ $json, $type, $e ];
	};
}

# The elements of an array instead of it, of one column of a question: (type, SQL).
sub elements
{
	my ($self, $json, $type, $e) = @_;

	return ($type, $e) if $type ne 'text[]' || !$json->{table_id} || !$self->share_of_arrays;
	if (!$self->{unnested} && $self->{grouped} && chance(0.6)
		&& !grep { ($_->{dim} // '') eq $e } @{ $self->{outputs} })
	{
		$self->{unnested} = $e;
		$self->{from} .= " LEFT JOIN LATERAL unnest($e) AS un_e (v) ON true";
	}
	return ($type, $e) if ($self->{unnested} // '') ne $e;
	$json->{unnest} = JSON::PP::true;
	return ('text', 'un_e.v');
}

sub add_dimension
{
	my ($self) = @_;
	my $share = $self->share_of_arrays;
	my ($json, $type, $e);

	($json, $type, $e) = $self->any_column(sub { $_[0] eq 'text[]' }) if $share && chance($share);
	($json, $type, $e) = $self->any_column if !$json;
	return if !$json;
	($json, $type, $e) = $self->zoned($json, $type, $e);
	($type, $e) = $self->elements($json, $type, $e);
	if (Condition::is_time($type) && chance(0.6))
	{
		$json->{date_trunc} = pick(@UNITS);
		$json->{date_format} = 'short' if chance(0.2);
		$e = bucket($type, $e, $json->{date_trunc}, $self->{zone});
	}
	$json->{aggregation} = 'none' if chance(0.1);
	return $self->add_output({ json => $json, dim => $e, type => $type });
}

sub choose_columns
{
	my ($self) = @_;

	$self->{grouped} = $self->{series} || chance(0.8);
	if (!$self->{grouped})
	{
		$self->add_dimension for 1 .. 1 + int rand 5;
		return;
	}
	my @kinds = (('d') x pick(0, 1, 1, 2), ('m') x (1 + int rand 3));

	@kinds = sort { $a->[0] <=> $b->[0] } map { [ rand, $_ ] } @kinds;
	for (@kinds)
	{
		$_->[1] eq 'd' ? $self->add_dimension : $self->add_measure;
	}
	$self->add_measure if !grep { !$_->{dim} } @{ $self->{outputs} };
	my @dims = grep { $_->{dim} && !$_->{bucket} } @{ $self->{outputs} };
	if (chance(0.2))
	{
		my %seen;
		my @by = grep { !$seen{ reference_text($_) }++ } map { reference($_->{json}) } @dims;
		my ($json, $type, $e) = $self->any_column;

		# Grouped by, and not shown.
		if (chance(0.4) && !$seen{ reference_text($json) }
			&& !($self->{series} && $self->{series}{e} eq $e))
		{
			($type, $e) = $self->elements($json, $type, $e);
			push @by, $json;
			push @{ $self->{hidden} }, $e;
		}
		$self->{def}{group_by} = \@by if @by;
	}
	$self->choose_having if chance(0.2);
	if ($self->{series} && ($self->{series}{json}{fill} // '') eq 'null' && chance(0.5)
		&& !grep { ($_->{result} // '') eq 'other' } @{ $self->{outputs} })
	{
		$self->{series}{json}{fill} = 'linear';
		$self->{oracle} = 0;
	}
	return;
}

sub choose_having
{
	my ($self) = @_;
	my @measures = grep { !$_->{dim} && $_->{result} ne 'other' } @{ $self->{outputs} };

	return if !@measures;
	my $measure = pick(@measures);
	my ($json, $sql) = Condition::over_number();

	$self->{def}{having} = [ { column => $measure->{name}, %$json } ];
	$self->{having} = [ $measure, $sql ];
	return;
}

# ---- Rows -----------------------------------------------------------------------

sub choose_filters
{
	my ($self) = @_;

	for (1 .. pick(0, 0, 1, 1, 2))
	{
		my ($json, $sql) = Condition::tree(
			sub {
				my ($about, $type, $e) = $self->any_column;

				# A filter may make the range smaller.
				$self->{oracle} = 0
				  if $self->{series} && $self->{series}{filled} && $self->{series}{e} eq $e;
				($about, $type, $e) = $self->zoned($about, $type, $e);
				return [ $about, $type, $e ];
			},
			$self->{zone}, 2);

		push @{ $self->{def}{filters} }, $json;
		push @{ $self->{where} }, $sql;
	}
	if (chance(0.08) && !$self->{world}{flights})
	{
		my ($json, $sql) = $self->in_query;

		push @{ $self->{def}{filters} }, $json if $json;
		push @{ $self->{where} }, $sql if $json;
	}
	return;
}

sub choose_series
{
	my ($self) = @_;
	my ($json, $type, $e, $table) = $self->any_column(\&Condition::is_time);

	return if !$json;
	my $zone = $self->{zone};
	my @intervals = ('day', 'day', 'week', 'month', 'quarter', 'year', '2 weeks', '3 days',
		'2 months');
	my $series = { %$json, date_column => $json->{column}, interval => pick(@intervals) };

	delete $series->{column};
	my ($low, $high) = sort(Condition::day(), Condition::day());
	my $short = $type ne 'date' && chance(0.2);

	# A series has no place for what has no time.
	push @{ $self->{where} }, "isfinite($e)";

	if ($short)
	{
		$high = $low;
		$series->{interval} = pick('hour', '6 hours', '15 minutes');
	}
	$series->{timezone} = $self->{zone} = $zone = pick(@ZONES) if chance(0.3);
	$series->{alias} = pick(@NAMES) if chance(0.4);
	# Without a range there may be years of buckets.
	$series->{interval} = pick('month', 'quarter', 'year', '5 weeks') if !$short && chance(0.25);
	if ($short || $series->{interval} !~ /month|quarter|year|5/)
	{
		# A range of its own, or what the filters say.
		if (chance(0.7))
		{
			$series->{range} = { start => $low, end => $high };
		}
		elsif (chance(0.5))
		{
			push @{ $self->{def}{filters} },
			  { %$json, operator => 'between', value => [ $low, $high ] };
		}
		else
		{
			push @{ $self->{def}{filters} },
			  {
				and => [
					{ %$json, operator => 'lte', value => $high },
					{ %$json, operator => 'gte', value => $low } ]
			  };
		}
		$self->{days} = [ $low, $high ];
		$self->{range} = [ Condition::edge($type, "date '$low'", $zone),
			Condition::edge($type, "date '$high' + 1", $zone) ];
		push @{ $self->{where} }, "$e >= $self->{range}[0] AND $e < $self->{range}[1]";
	}
	$series->{fill_missing} = JSON::PP::false if chance(0.3);
	my $filled = !exists $series->{fill_missing};
	if ($filled)
	{
		$series->{fill} = pick('value', 'null', 'previous', 'previous') if chance(0.4);
		if (($series->{fill} // '') eq 'previous' && chance(0.4))
		{
			$series->{fill_before} = JSON::PP::true;
			$self->{oracle} = 0;
		}
		# Between an hour and a day, and a day that begins late: not for here.
		$self->{oracle} = 0 if !$self->{range};
	}
	$self->{oracle} = 0 if $series->{interval} eq '6 hours';
	$self->{def}{time_series} = $series;
	$self->{series} = {
		json => $series, type => $type, e => $e, filled => $filled,
		bucket => bucket($type, $e, $series->{interval}, $zone)
	};
	push @{ $self->{outputs} },
	  {
		dim => $self->{series}{bucket}, bucket => 1, type => $type, json => {},
		name => $series->{alias} // "$json->{column}_bucket"
	  };
	return;
}

# ---- Related rows -------------------------------------------------------------------

# There is one, or none, in a table that nothing else asks of.
sub choose_related
{
	my ($self) = @_;
	# What only leads to such a table is not joined at all: begin at one that is shown.
	my %shown = map { ($_->{table_id} // '') => 1 } @{ $self->{def}{columns} };
	my ($near) = grep { $shown{ $_->{id} } } @{ $self->{tables} };

	return if !$near;
	$self->{related} = 1;
	my ($own, $name, $column) = $self->edge_from($near);

	return if !$name || $self->{world}{flights};
	my $types = join ' ', $self->type_of($near, $own), $self->type_of({ name => $name }, $column);
	my $table = $self->add_table($name);
	my $scope = pick(qw(any none));
	my $one = name($near->{id}) . '.' . name($own);
	my $two = name($table->{id}) . '.' . name($column);
	my $cast = $types =~ /double|real/ ? '::float8' : $types =~ /numeric|PRICE/ ? '::numeric' : '';
	my @conditions;

	pop @{ $self->{tables} };
	push @{ $self->{def}{joins} },
	  chance(0.5)
	  ? { from_table_id => $near->{id}, from_column => $own, to_table_id => $table->{id},
		to_column => $column, join_type => pick(qw(LEFT INNER)) }
	  : { from_table_id => $table->{id}, from_column => $column, to_table_id => $near->{id},
		to_column => $own };
	for (0 .. int rand 2)
	{
		my ($json, $sql) = Condition::tree(
			sub {
				my ($about, $type, $e) = $self->any_column(undef, $table);

				return [ { %$about, scope => $scope }, $type, $e ];
			},
			$self->{zone}, 0);

		push @{ $self->{def}{filters} }, $json;
		push @conditions, "($sql)";
	}
	push @{ $self->{where} }, ($scope eq 'none' ? 'NOT ' : '') . 'EXISTS (SELECT FROM '
	  . $self->source($table) . ' WHERE ' . join(' AND ', "$one$cast = $two$cast", @conditions)
	  . ')';
	return;
}

1;
