package Places;

# Every place of the language in which an expression may stand, as a definition
# over the world of Poison: orders "o" of customers "c", with a field "f".

use strict;
use warnings;

use JSON::PP ();

my %COUNT = (aggregation => 'count', alias => 'n');
my @BOTH =
  map { { id => substr($_, 0, 1), name => $_, schema => 'copy a' } } qw(orders customers refunds);
my $JOIN = {
	from_table_id => 'o',
	from_column => 'customer_id',
	to_table_id => 'c',
	to_column => 'id' };

# What raises, and a condition on it that both a value and no value meet or not.
my @FIELDS = (
	[ q{[o.status] like concat('POI', '\\\\')}, { operator => 'eq', value => JSON::PP::false } ],
	[ 'ln([o.amount])', { operator => 'gt', value => 1 } ],
	[ 'number([o.status])', { operator => 'lt', value => 3 } ],
	[ q{[o.status] like concat('%OI', '\\\\')}, { operator => 'neq', value => JSON::PP::true } ],
	[ q{substring('abcdef', 1, [o.small])}, { operator => 'like', value => 'ab%' } ],
	[ '[o.big] + 9000000000000000000', { operator => 'is_not_null' } ],
	[ q{date_add([o.placed_at], 1, 'day')}, { operator => 'gt', value => '2024-03-10' } ],
	[ q{[o.status] like concat('O', '\\\\')}, { operator => 'eq', value => JSON::PP::true } ],
	[ 'exp([o.discount])', { operator => 'in', value => [ 1, 2 ] } ]);

# A definition: its tables by their letters, and the rest.
sub over
{
	my ($tables, $field, %rest) = @_;

	return {
		tables => [
			map {
				my $id = $_;
				grep { $_->{id} eq $id } @BOTH
			} split //,
			$tables ],
		length $tables > 1
		? (joins => [ { %$JOIN, join_type => delete $rest{join} // 'INNER' } ])
		: (),
		$field ? (calculated_fields => [ { name => 'f', expression => $field->[0] } ]) : (),
		%rest };
}

sub id { my ($of) = @_; return { table_id => $of, column => 'id' }; }
sub rows { my ($of) = @_; return { table_id => $of, column => '*', %COUNT }; }
sub on_f { my ($field, %more) = @_; return { column => 'f', %{ $field->[1] }, %more }; }

my %F = (column => 'f');
my $FIRST = { alias => 'id' };
my @GROUPED = (columns => [ {%F}, rows('o') ]);
my @LISTED = (columns => [ id('o'), {%F} ], order_by => [$FIRST]);
my %SERIES = (table_id => 'o', date_column => 'placed_at', interval => 'week');
my %RANGE = (range => { start => '2024-03-01', end => '2024-04-30' });

my %PLACES = (
	'rows' => sub { over('o', $_[0], @LISTED) },
	'filter' => sub { over('o', $_[0], @LISTED, filters => [ on_f($_[0]) ]) },
	'filter and key' => sub {
		over('o', $_[0], @LISTED,
			filters => [ on_f($_[0]), { %{ id('o') }, operator => 'between', value => [ 3, 9 ] } ]);
	},
	'or' => sub {
		over(
			'o',
			$_[0],
			@LISTED,
			filters => [
				{   or => [
						on_f($_[0]),
						{   not => {
								and =>
								  [ on_f($_[0]), { %{ id('o') }, operator => 'lt', value => 5 } ] }
						} ] } ]);
	},
	'having' => sub {
		over(
			'o',
			$_[0],
			columns => [
				{ table_id => 'o', column => 'channel' },
				{   %F,
					aggregation => 'count_distinct',
					alias => 'm' } ],
			having => [ { column => 'm', operator => 'gt', value => 1 } ]);
	},
	'measure of it' => sub {
		over(
			'o', undef,
			columns => [ { table_id => 'o', column => 'channel' }, { column => 'm' } ],
			calculated_fields =>
			  [ { name => 'm', expression => "count_if(($_[0][0]) is not null)" } ],
			having => [ { column => 'm', operator => 'gt', value => 1 } ]);
	},
	'group' => sub {
		over('o', $_[0], @GROUPED, having => [ { column => 'n', operator => 'gt', value => 1 } ]);
	},
	'hidden group' => sub { over('o', $_[0], columns => [ rows('o') ], group_by => [ {%F} ]) },
	'qualify' => sub { over('o', $_[0], @GROUPED, qualify => [ on_f($_[0]) ]) },
	'qualify and key' => sub {
		over(
			'o', $_[0], @GROUPED,
			qualify => [ on_f($_[0]) ],
			filters => [ { %{ id('o') }, operator => 'eq', value => 3 } ]);
	},
	'qualify of two' => sub {
		over('oc', $_[0], @GROUPED, join => 'LEFT', qualify => [ on_f($_[0]), on_f($_[0]) ]);
	},
	'ordered by' =>
	  sub { over('o', $_[0], columns => [ id('o') ], order_by => [ {%F}, $FIRST ], limit => 4) },
	'ordered by nothing else' =>
	  sub { over('o', $_[0], columns => [ {%F} ], order_by => [ {%F} ], limit => 4) },
	'sorted by' =>
	  sub { (over('o', $_[0], @LISTED), { sort => [ { alias => 'f' }, $FIRST ], limit => 3 }) },
	'counted' =>
	  sub { (over('o', $_[0], @GROUPED, qualify => [ on_f($_[0]) ]), { count => 'exact' }) },
	'not aggregated' => sub {
		(   over('o', $_[0], @GROUPED, filters => [ on_f($_[0]) ]),
			{ disable_aggregation => JSON::PP::true })
	},
	'filter of a measure' => sub {
		over('o', $_[0], columns => [ { %{ rows('o') }, filters => [ on_f($_[0]) ] } ]);
	},
	'joined' =>
	  sub { over('oc', $_[0], columns => [ id('o'), id('c'), {%F} ], filters => [ on_f($_[0]) ]) },

	# An outer join may have what a view computes computed before the join inside the view.
	'shown of the outer' => sub {
		over(
			'co', $_[0],
			join => 'RIGHT',
			columns =>
			  [ id('c'), {%F}, map { { table_id => 'o', column => $_->{column} } } columns() ]);
	},
	'left' => sub {
		over(
			'co', $_[0],
			join => 'RIGHT',
			columns => [ id('c'), rows('o') ],
			filters => [ on_f($_[0]) ]);
	},
	'full' => sub {
		over(
			'co', $_[0],
			join => 'FULL',
			columns => [ {%F}, rows('c') ],
			qualify => [ on_f($_[0]) ]);
	},
	(   map {
			my $scope = $_;
			("scope $scope" => sub { related($_[0], $scope) })
		} qw(any none join)),
	(   map {
			my $scope = $_;
			(   "scope $scope of columns" => sub {
					over(
						'co', undef,
						join => 'RIGHT',
						columns => [ id('c'), rows('c') ],
						filters => [ map { { table_id => 'o', scope => $scope, %$_ } } columns() ]);
				})
		} qw(any none join)),
	'scope any of a measure' => sub {
		my $def = related($_[0], 'any');
		my $filters = delete $def->{filters};

		$def->{columns} = [ { %{ rows('c') }, filters => $filters } ];
		return $def;
	},
	'fan-out' => sub {
		over(
			'oc', $_[0],
			columns => [ { table_id => 'c', column => 'score', aggregation => 'sum' }, rows('o') ],
			filters => [ on_f($_[0]) ]);
	},
	'in query' => sub {
		over(
			'c', undef,
			columns => [ id('c') ],
			filters => [
				{   %{ id('c') },
					operator => 'in_query',
					value => {
						query => over(
							'o',
							$_[0],
							columns => [
								{   table_id => 'o',
									column => 'customer_id' } ],
							filters => [ on_f($_[0]) ]) } } ]);
	},
	'in query of its values' => sub {
		over(
			'c', undef,
			columns => [ id('c') ],
			filters => [
				{ %{ id('c') }, operator => 'eq', value => 2 },
				{   %{ id('c') },
					operator => 'in_query',
					value => {
						query => over(
							'o',
							["if(($_[0][0]) is null, [o.customer_id], [o.customer_id])"],
							columns => [ {%F} ]) } } ]);
	},
	'not in query' => sub {
		over(
			'c', undef,
			columns => [ id('c') ],
			filters => [
				{   %{ id('c') },
					operator => 'not_in_query',
					value => {
						query => over(
							'o',
							$_[0],
							columns => [
								{   table_id => 'o',
									column => 'customer_id' } ],
							filters => [ on_f($_[0]) ]) } } ]);
	},
	'derived' => sub { derived($_[0], columns => [ {%F}, id('o') ]) },

	# Equality of two types casts one of them, or compares across them.
	(   map {
			my ($name, $one, $two, $how) = @$_;
			(   "joined by $name" => sub {
					over(
						'or', undef,
						columns => [ id('o'), id('r') ],
						joins => [
							{   from_table_id => 'o',
								to_table_id => 'r',
								join_type => 'LEFT',
								on =>
								  [ { from_column => $one, to_column => $two, operator => $how } ] }
						]);
				})
		} ( [ 'numbers', 'discount', 'amount', 'eq' ],
			[ 'numbers in order', 'discount', 'amount', 'lt' ],
			[ 'times', 'shipped', 'refunded', 'eq' ],
			[ 'times in order', 'local_at', 'refunded', 'gt' ])),
	'bucket' => sub {
		over(
			'o', $_[0], @GROUPED,
			time_series => { %SERIES, %RANGE, alias => 'b', fill_missing => JSON::PP::false },
			qualify => [ { column => 'b', operator => 'lt', value => '2024-04-01' } ]);
	},
	'derived, of the outer' => sub {
		my $def = related($_[0], 'any');

		delete $def->{filters};
		return { %$def, columns => [ id('c'), { %F, table_id => 's' } ] };
	},
	'totals of a field' => sub { over('o', $_[0], @GROUPED, totals => JSON::PP::true) },
	'derived, grouped' => sub { derived($_[0], @GROUPED) },
	'derived, qualified' => sub { derived($_[0], @GROUPED, qualify => [ on_f($_[0]) ]) },
	'derived, ordered' =>
	  sub { derived($_[0], columns => [ {%F}, id('o') ], order_by => [$FIRST]) },
	'series' => sub {
		over(
			'o', $_[0],
			columns => [ { %F, aggregation => 'count_distinct' } ],
			filters => [ on_f($_[0]) ],
			time_series => { %SERIES, %RANGE });
	},
	'series without a range' => sub {
		over(
			'o', $_[0],
			columns => [ {%F}, rows('o') ],
			qualify => [ on_f($_[0]) ],
			time_series => { %SERIES, interval => 'month', fill => 'previous' });
	},
	'series, and before its range' => sub {
		over(
			'o', $_[0], @GROUPED,
			filters => [ on_f($_[0]) ],
			time_series => { %SERIES, %RANGE, fill => 'previous', fill_before => JSON::PP::true });
	},
	'compare' => sub {
		over(
			'o',
			$_[0],
			@GROUPED,
			filters => [
				{   table_id => 'o',
					column => 'placed_at',
					operator => 'between',
					value => [ '2024-04-01', '2024-04-30' ] },
				on_f($_[0]) ],
			compare => { period => 'previous_month' },
			qualify => [ on_f($_[0]) ]);
	},
	'compare series' => sub {
		over(
			'o', $_[0], @GROUPED,
			time_series => { %SERIES, %RANGE },
			qualify => [ on_f($_[0]) ],
			compare => { period => 'previous_month' });
	},
	'top' => sub { over('o', $_[0], @GROUPED, top => { n => 2, by => 'n' }) },
	'top series' => sub {
		over(
			'o', $_[0], @GROUPED,
			top => { n => 2, by => 'n' },
			time_series => { %SERIES, %RANGE });
	},
	'pivot' => sub {
		over('o', $_[0], @GROUPED, pivot => { column => 'f', value => 'n', max_columns => 100 });
	},
	'pivot of filtered' => sub {
		over(
			'o', $_[0],
			columns => [ { table_id => 'o', column => 'channel' }, rows('o') ],
			filters => [ on_f($_[0]) ],
			pivot => { column => 'channel', value => 'n' });
	},
	'totals' =>
	  sub { over('o', $_[0], @GROUPED, totals => JSON::PP::true, qualify => [ on_f($_[0]) ]) },
	'windows' => sub {
		over(
			'o',
			$_[0],
			@GROUPED,
			qualify => [ on_f($_[0]), { column => 'w', operator => 'lte', value => 3 } ],
			windows => [
				{   alias => 'w',
					function => 'row_number',
					partition_by => ['f'],
					order_by => [ { alias => 'n' } ] } ]);
	},
	'fields over windows' => sub {
		over(
			'o', undef,
			columns => [ {%F}, { column => 'g' }, rows('o') ],
			calculated_fields => [
				{ name => 'f', expression => $_[0][0] },
				{ name => 'g', expression => 'coalesce([f], [f]) == [f] and [w] + [n] > 1' } ],
			windows => [
				{   alias => 'w',
					function => 'row_number',
					partition_by => ['f'],
					order_by => [ { alias => 'n' } ] } ],
			qualify => [ on_f($_[0]), { column => 'g', operator => 'neq', value => JSON::PP::false } ],
			order_by => [ { column => 'g' } ]);
	},
	'of two tables' => sub {
		over(
			'oc', [q{ln(abs([c.score]) + [o.discount]) + number([c.region] like concat('2', '%'))}],
			columns => [ {%F}, id('o') ],
			filters => [ { %F, operator => 'gt', value => 0 } ]);
	},
	'rounded times' => sub {
		over(
			'o', undef,
			columns => [
				map({ { table_id => 'o', column => $_, date_trunc => 'month' } }
					qw(placed_at local_at shipped)),
				rows('o') ],
			qualify => [
				map { { column => $_, operator => 'lt', value => '2024-04-01' } }
				  qw(placed_at local_at shipped) ]);
	});

# What is asked of the columns of a definition inside.
sub derived
{
	my ($field, %rest) = @_;
	my %outer = (column => 'f', table_id => 's');

	return {
		tables => [ { id => 's', query => over('o', $field, %rest) } ],
		columns => [ {%outer}, rows('s') ],
		filters => [ on_f($field, %outer) ] };
}

# Rows of another definition, related to customers; a condition on its field.
sub related
{
	my ($field, $scope) = @_;

	return {
		tables => [
			$BOTH[1],
			{   id => 's',
				query => over(
					'o', $field, columns => [ {%F}, { table_id => 'o', column => 'customer_id' } ])
			} ],
		joins => [
			{   from_table_id => 'c',
				from_column => 'id',
				to_table_id => 's',
				to_column => 'customer_id',
				join_type => 'LEFT' } ],
		columns => [ id('c'), rows('c') ],
		filters => [ on_f($field, table_id => 's', scope => $scope) ] };
}

# Conditions on columns, which a view may compute.
sub columns
{
	return (
		{ column => 'amount', operator => 'gt', value => 20 },
		{ column => 'status', operator => 'ilike', value => '%2%' },
		{ column => 'local_at', operator => 'lt', value => '2024-05-01' });
}

# All of them, each with some fields, as [name, definition, options].
sub all
{
	my ($every) = @_;
	my $next = 0;

	return map {
		my $place = $_;
		my @fields = $every ? @FIELDS : map { $FIELDS[ $next++ % @FIELDS ] } 1 .. 2;

		map { [ "$place of $_->[0]", $PLACES{$place}->($_) ] } @fields;
	} sort keys %PLACES;
}

1;
