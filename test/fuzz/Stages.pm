package Stages;

# The half of a question that is about groups: what is computed over them, their
# order, which of them are shown; and other questions made of this one.

use strict;
use warnings;

use Condition;
use JSON::PP ();
use World;

*chance = \&World::chance;
*pick = \&World::pick;

my $json = JSON::PP->new->allow_nonref;

# ---- What is computed over the groups ---------------------------------------------------

# A direction for an order, in JSON and in SQL.
sub direction
{
	my ($json) = @_;
	my $sql = '';

	if (chance(0.5))
	{
		$json->{direction} = pick(qw(ASC DESC desc));
		$sql .= " $json->{direction}";
	}
	if (chance(0.3))
	{
		$json->{nulls} = pick(qw(first last));
		$sql .= " NULLS $json->{nulls}";
	}
	return $sql;
}

my @WINDOWS = qw(running_total moving_avg rank dense_rank row_number ntile lag lead first_value
  last_value percent_of_total difference percent_change cumulative_percent);

sub add_window
{
	my ($self, $number) = @_;
	my @outputs = @{ $self->{outputs} };
	my @dims = grep { $outputs[$_]{dim} } 0 .. $#outputs;
	my @numbers = grep { !$outputs[$_]{dim} && $outputs[$_]{result} ne 'other' } 0 .. $#outputs;
	my $json = { alias => "w$number", function => pick(@WINDOWS) };
	my $how = $json->{function};
	my $window = { json => $json, name => $json->{alias}, result => 'number' };
	my ($n, @order, @partition, $e);

	return if !@numbers;
	my $of = pick(@numbers);

	$json->{of} = $outputs[$of]{name} if $how !~ /rank|row_number|ntile/;
	$e = 'o' . ($of + 1) . ($outputs[$of]{float} ? '::float8' : '::numeric');
	if ($how =~ /moving_avg|ntile/ || ($how =~ /lag|lead/ && chance(0.5)))
	{
		$json->{n} = $n = 1 + int rand 3;
	}
	for my $at (grep { chance(0.5) } 0 .. $#outputs)
	{
		my $key = { alias => $outputs[$at]{name} };

		next
		  if $outputs[$at]{type} eq 'jsonb'
		  || (!$outputs[$at]{dim} && $outputs[$at]{result} eq 'other');
		push @order, 'o' . ($at + 1) . direction($key);
		push @{ $json->{order_by} }, $key;
	}
	if (!@order)
	{
		my $key = { alias => $outputs[$of]{name} };

		push @order, 'o' . ($of + 1) . direction($key);
		push @{ $json->{order_by} }, $key;
	}
	for my $at (grep { chance(0.3) } @dims)
	{
		push @partition, $at;
	}
	$json->{partition_by} = [ map { $outputs[$_]{name} } @partition ];
	my $over = 'PARTITION BY ' . join(', ', 'lv', map { 'o' . ($_ + 1) } @partition);
	my $order = ' ORDER BY ' . join(', ', @order);

	# What is equal in the order is told apart by the group columns.
	my $total = $order . join '', map { ', o' . ($_ + 1) } @dims;
	my $before = "OVER ($over$total ROWS UNBOUNDED PRECEDING)";
	my $frame = '';
	my $step = $n // 1;

	$window->{sql} =
	  $how eq 'running_total' ? "sum($e) $before"
	  : $how eq 'moving_avg' ? "avg($e) OVER ($over$total ROWS " . ($n - 1) . ' PRECEDING)'
	  : $how =~ /^(?:rank|dense_rank)$/ ? "$how() OVER ($over$order)"
	  : $how eq 'row_number' ? "row_number() OVER ($over$total)"
	  : $how eq 'ntile' ? "ntile($n) OVER ($over$total)"
	  : $how =~ /^(?:lag|lead)$/ ? "$how(o" . ($of + 1) . ", $step) OVER ($over$total)"
	  : $how eq 'first_value' ? 'first_value(o' . ($of + 1) . ") OVER ($over$total)"
	  : $how eq 'last_value' ? 'last_value(o' . ($of + 1) . ") OVER ($over$total ROWS BETWEEN"
	  . ' UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)'
	  : $how eq 'percent_of_total' ? "$e * 100 / nullif(sum($e) OVER ($over), 0)"
	  : $how eq 'difference' ? "$e - lag($e) OVER ($over$total)"
	  : $how eq 'percent_change' ? "($e - lag($e) OVER ($over$total)) * 100"
	  . " / nullif(lag($e) OVER ($over$total), 0)"
	  : "sum($e) $before * 100 / nullif(sum($e) OVER ($over), 0)";
	$window->{float} = $outputs[$of]{float} && $how !~ /rank|row_number|ntile/;
	push @{ $self->{windows} }, $window;
	push @{ $self->{def}{windows} }, $json;
	return;
}

# All columns of the answer, as the oracle numbers them.
sub all_outputs
{
	my ($self) = @_;

	return map { @{ $self->{$_} // [] } } qw(outputs over windows);
}

# A field over a window, and something else that is a number.
sub add_over
{
	my ($self, $number) = @_;
	my $window = pick(@{ $self->{windows} });
	my $other = pick($window, grep { !$_->{dim} && ($_->{result} // '') =~ /number|bigint/ }
		$self->all_outputs);
	my $over = { name => "over $number", result => 'number',
		float => $window->{float} || $other->{float} };
	my $cast = $over->{float} ? 'float8' : 'numeric';
	my ($w, $x) = ("(W)::$cast", "(X)::$cast");
	my ($expression, $sql) = @{ pick(
			[ '[W] - coalesce([X], 0.0)', "$w - coalesce($x, 0)" ],
			[ 'if([W] > 2, [X], 0.0)', "CASE WHEN $w > 2 THEN $x ELSE 0 END" ],
			[ 'coalesce([W] / [X], [X])', "coalesce($w / nullif($x, 0), $x)" ]) };
	my %named = (W => $window->{name}, X => $other->{name});

	$expression =~ s/\[([WX])\]/'[' . ($named{$1} =~ s{\]}{]]}gr) . ']'/ge;
	$over->{of} = { W => $window, X => $other };
	$over->{sql} = $sql;
	push @{ $self->{over} }, $over;
	push @{ $self->{def}{columns} }, { column => $over->{name} };
	push @{ $self->{def}{calculated_fields} },
	  { name => $over->{name}, expression => $expression };
	return;
}

sub choose_windows
{
	my ($self) = @_;

	return if grep { $_->{type} =~ /jsonb|\[\]/ && $_->{dim} } @{ $self->{outputs} };
	$self->add_window($_) for 1 .. 1 + int rand 3;
	return if !$self->{windows};
	if (chance(0.5))
	{
		$self->add_over($_) for 1 .. 1 + int rand 2;
	}
	# Rows that no column of the answer tells apart have any order.
	$self->{oracle} = $self->{loose} = 0 if @{ $self->{hidden} };
	if (chance(0.3))
	{
		my $window = pick(@{ $self->{windows} }, @{ $self->{over} // [] });
		my ($json, $sql) = Condition::over_number();

		$self->{def}{qualify} = [ { column => $window->{name}, %$json } ];
		$self->{qualify} = [ $window, $sql ];
	}
	return;
}

sub choose_totals
{
	my ($self) = @_;
	my @outputs = @{ $self->{outputs} };
	my @dims = grep { $outputs[$_]{dim} } 0 .. $#outputs;
	my %seen;

	# One column twice cannot be rolled up.
	for my $at (@dims)
	{
		my $of = $outputs[$at]{bucket} ? dated($self->{series}{json}) : $outputs[$at]{json};

		return if $seen{ Question::reference_text($of) }++;
	}
	return if !@dims || $self->{unnested};
	return if grep { $outputs[$_]{type} eq 'jsonb' } @dims;
	my @rolled = @dims;

	$self->{def}{totals} = JSON::PP::true;
	if (chance(0.5))
	{
		@rolled = grep { chance(0.6) } @dims;
		@rolled = ($dims[-1]) if !@rolled;
		@rolled = reverse @rolled if chance(0.3);
		$self->{def}{totals} = [ map { $outputs[$_]{name} } @rolled ];
	}
	$self->{rolled} = [ map { 'd' . ($_ + 1) } @rolled ];
	$self->{oracle} = 0 if @{ $self->{hidden} };
	return;
}

# The largest groups, and the rest in one.
sub choose_top
{
	my ($self) = @_;
	my @outputs = @{ $self->{outputs} };
	my @dims = grep { $outputs[$_]{dim} && !$outputs[$_]{bucket} } 0 .. $#outputs;
	my @measures = grep { !$outputs[$_]{dim} && $outputs[$_]{result} ne 'other' } 0 .. $#outputs;

	# How often a row counts in the rest is not for here.
	return if !@dims || !@measures || $self->{rolled} || $self->{unnested};
	my $by = pick(@measures);
	my $top = $self->{def}{top} = { n => 1 + int rand 4, by => $outputs[$by]{name} };

	$top->{other} = JSON::PP::false if chance(0.4);
	$self->{top} = { n => $top->{n}, by => $by + 1, other => !exists $top->{other} };
	# What is said of lines, windows or times as text is not for here.
	$self->{oracle} = 0
	  if $self->{series} || $self->{windows} || @{ $self->{hidden} }
	  || ($self->{top}{other}
		&& grep { $outputs[$_]{type} !~ /^(?:text|varchar|integer|smallint|KIND)$/ } @dims);
	return;
}

my %PERIODS = (
	previous_week => '7 days', offset => '10 days',
	previous_month => '1 month', previous_year => '1 year');

# Every measure beside its value of the period before.
sub choose_comparison
{
	my ($self) = @_;
	my $period = pick(('previous_week', 'offset') x 2, 'previous_month', 'previous_year',
		'previous_period');

	return if $self->{top} || $self->{rolled};
	if ($self->{series})
	{
		return if !$self->{days};
		$self->{oracle} = 0;
	}
	else
	{
		my ($json, $type, $e) = $self->any_column(
			sub { Condition::is_time($_[0]) });

		# Only one date may be bounded on both ends.
		return
		  if !$json || ($self->{def}{filters}
			&& JSON::PP->new->encode($self->{def}{filters}) =~ /_at|shipped|since|refunded|field|path/);
		my ($low, $high) = sort(Condition::day(), Condition::day());
		my $range = sub {
			my ($first, $last) = @_;

			return "$e >= " . Condition::edge($type, "($first)::date", $self->{zone})
			  . " AND $e < " . Condition::edge($type, "($last)::date + 1", $self->{zone});
		};
		my $back = "- interval '" . ($PERIODS{$period} // '0') . "'";

		# The last day of a month stays the last, unless it is all there is.
		my $last = $period =~ /month|year/ && $low ne $high
		  ? "CASE WHEN extract(day FROM date '$high' + 1) = 1 THEN date_trunc('month', date '$high'"
		  . " $back) + interval '1 month - 1 day' ELSE date '$high' $back END"
		  : "date '$high' $back";

		push @{ $self->{def}{filters} },
		  { %$json, operator => 'between', value => [ $low, $high ] };
		$self->{before} = [ @{ $self->{where} // [] }, $range->("date '$low' $back", $last) ];
		push @{ $self->{where} }, $range->("date '$low'", "date '$high'");
		$self->{oracle} = 0
		  if !$PERIODS{$period} || $self->{windows} || @{ $self->{hidden} }
		  || grep { !$_->{dim} && $_->{result} eq 'other' } @{ $self->{outputs} };
	}
	$self->{def}{compare} = { period => $period eq 'offset' ? { offset => '10 days' } : $period };
	$self->{compared} = 1;
	return;
}

# Order by every output column, so that the answer has one order, or by nothing.
sub choose_order
{
	my ($self) = @_;
	my @outputs = $self->all_outputs;

	$self->{ordered} = !!$self->{series} && !@{ $self->{hidden} };
	$self->{order} = [ map { $_ + 1 } grep { $outputs[$_]{dim} } 0 .. $#outputs ]
	  if $self->{ordered};
	$self->{ordered} = 0 if $self->{rolled};
	if ($self->{top} && !$self->{series})
	{
		# By their places, the rest last.
		$self->{ordered} = !@{ $self->{hidden} };
		$self->{order} = ['place'];
	}
	return if chance(0.4);
	return if grep { ($_->{type} // '') eq 'jsonb' && !$_->{result} } @outputs;
	my @order;

	for my $n (map { $_->[1] } sort { $a->[0] <=> $b->[0] } map { [ rand, $_ ] } 0 .. $#outputs)
	{
		my $json = { alias => $outputs[$n]{name} };

		push @order, ($n + 1) . direction($json);
		push @{ $self->{def}{order_by} }, $json;
	}
	$self->{order} = \@order;
	# The totals come in an order of their own.
	$self->{ordered} = !$self->{rolled};
	$self->{def}{limit} = $self->{limit} = int rand 12 if chance(0.4);
	$self->{def}{offset} = $self->{offset} = int rand 4 if chance(0.2);
	return;
}

# Values as columns.
sub choose_pivot
{
	my ($self) = @_;
	my @dims = grep { $_->{dim} && !$_->{bucket} && $_->{type} ne 'text[]' }
	  @{ $self->{outputs} };
	my @values = (
		grep({ !$_->{dim} && $_->{type} ne 'text[]'
				&& ($_->{json}{aggregation} // '') ne 'array_agg' } @{ $self->{outputs} }),
		@{ $self->{over} // [] }, @{ $self->{windows} // [] });

	return if !@dims || !@values || @{ $self->{hidden} } || $self->{rolled} || $self->{top};
	$self->{def}{pivot} = { column => pick(@dims)->{name}, value => pick(@values)->{name} };
	delete @{ $self->{def} }{qw(order_by limit offset)};
	$self->{ordered} = 1;
	$self->{oracle} = 0;
	return;
}

# ---- What the caller says -----------------------------------------------------------------

# A part of the whole answer, and how many rows that has.
sub choose_part
{
	my ($self) = @_;
	my $options = $self->{options};

	$options->{metadata} = JSON::PP::true if chance(0.2);
	$options->{count} = pick(qw(exact estimated)) if chance(0.4);
	return if !$self->{ordered} || $self->{rolled};
	if (chance(0.5))
	{
		$options->{limit} = int rand 9;
		$options->{offset} = int rand 6 if chance(0.5);
		$self->{part} = "LIMIT $options->{limit} OFFSET " . ($options->{offset} // 0);
	}
	else
	{
		my $page = $options->{page} = 1 + int rand 3;
		my $size = chance(0.5) ? ($options->{page_size} = 1 + int rand 5) : 20;

		$self->{part} = sprintf 'LIMIT %d OFFSET %d', $size, ($page - 1) * $size;
	}
	return;
}

# Say some values of conditions apart from them.
sub choose_params
{
	my ($self) = @_;
	my $n = 0;
	my $part;

	$part = sub {
		my ($value) = @_;
		my $plain = defined $value && !ref $value && chance(0.5);
		my $type;

		if (ref $value eq 'ARRAY')
		{
			return [ map { $part->($_) } @$value ];
		}
		return $value if !$plain && !(JSON::PP::is_bool($value) && chance(0.5));
		$type = JSON::PP::is_bool($value) ? 'boolean'
		  : $json->encode($value) =~ /^"/ ? 'text'
		  : $value =~ /^-?\d{1,9}$/ ? pick(qw(number integer)) : 'number';
		$n++;
		$self->{def}{params}{"p $n"} = { type => $type };
		if (chance(0.3))
		{
			$self->{def}{params}{"p $n"}{default} = $value;
		}
		else
		{
			$self->{options}{params}{"p $n"} = $value;
			$self->{def}{params}{"p $n"}{required} = JSON::PP::true if chance(0.5);
		}
		return { param => "p $n" };
	};
	my $walk;

	$walk = sub {
		my ($node) = @_;

		return [ map { $walk->($_) } @$node ] if ref $node eq 'ARRAY';
		return { map { $_ => $walk->($node->{$_}) } keys %$node } if !exists $node->{operator};
		return $node if $node->{operator} =~ /^date_preset|relative/;
		return { %$node, exists $node->{value} ? (value => $part->($node->{value})) : () };
	};
	for my $key (qw(filters having))
	{
		next if !$self->{def}{$key};
		$self->{def}{$key} = $walk->($self->{def}{$key});
		$self->add_optional($self->{def}{$key});
	}
	return;
}

# Add conditions to a list of them, and to the groups in it, that are left out.
sub add_optional
{
	my ($self, $list) = @_;
	my @tests = grep { exists $_->{operator} && exists $_->{value} } @$list;

	for my $item (@$list)
	{
		for my $kind (grep { $item->{$_} } qw(and or))
		{
			$self->add_optional($item->{$kind});
		}
	}
	return if !@tests || chance(0.5);
	my $test = { %{ pick(@tests) }, operator => 'eq', value =>
		  { param => 'left out', optional => JSON::PP::true } };

	$self->{def}{params}{'left out'} = { type => 'text' };
	$test = { not => $test } if chance(0.3);
	$test = { pick(qw(and or)) => [ $test, $test ] } if chance(0.3);
	splice @$list, int rand(@$list + 1), 0, $test;
	return;
}

# ---- Questions made of this one -------------------------------------------------

# What is not about which rows there are.
my @BEYOND = qw(having limit offset order_by group_by windows qualify totals top compare
  pivot fan_out);

# A definition without windows has no fields over them.
sub below_windows
{
	my ($self, $def) = @_;

	$def->{calculated_fields} =
	  [ grep { $_->{name} !~ /^over / } @{ $def->{calculated_fields} } ]
	  if $self->{over};
	return;
}

# The groups alone, and the groups when one more filter holds; or nothing.
sub with_filter
{
	my ($self) = @_;
	my @dims = grep { $_->{dim} } @{ $self->{outputs} };
	my %def = %{ $self->{def} };

	# Without what it shows, a table may be one that only leads to related rows.
	return
	  if !$self->{grouped} || $self->{series} || !@dims || @{ $self->{hidden} } || $self->{related};
	delete @def{@BEYOND};
	$self->below_windows(\%def);
	$def{columns} = [ (map { $_->{json} } @dims),
		{ table_id => $self->{tables}[0]{id}, column => '*', aggregation => 'count' } ];
	my ($json) = Condition::tree($self->subject, $self->{zone}, 1);

	return (\%def, { %def, filters => [ @{ $def{filters} // [] }, $json ] }, scalar @dims);
}

# The date of a series as a reference to a column.
sub dated
{
	my ($series) = @_;

	return Question::reference({ %$series, column => $series->{date_column} });
}

# How many rows there are by bucket, and how many in the same range; or nothing.
sub with_total
{
	my ($self) = @_;
	my %def = %{ $self->{def} };
	my $series = $self->{series};

	return if !$series || !$self->{days} || $self->{related};
	my $column = dated($series->{json});

	delete @def{@BEYOND};
	$self->below_windows(\%def);
	$def{columns} = [ { table_id => $column->{table_id}, column => '*', aggregation => 'count' } ];
	my %total = %def;
	my %plain = %{ $def{time_series} };

	delete @plain{qw(fill fill_before)};
	$def{time_series} = \%plain;
	delete $total{time_series};
	$total{filters} = [ @{ $def{filters} // [] },
		{ %$column, operator => 'gte', value => $self->{days}[0] },
		{ %$column, operator => 'lte', value => $self->{days}[1] } ];
	return (\%def, \%total);
}

1;
