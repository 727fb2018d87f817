package Condition;

# Random conditions, each as a definition says it and as a person would write it
# in SQL.

use strict;
use warnings;

use JSON::PP ();
use World;

*chance = \&World::chance;
*pick = \&World::pick;
*quoted = \&World::quoted;

my %NUMBER = map { $_ => 1 } qw(integer smallint bigint numeric PRICE real), 'double precision';
my %TIME = map { $_ => 1 } qw(date timestamp timestamptz);
my %COMPARE = (eq => '=', gt => '>', gte => '>=', lt => '<', lte => '<=');

sub is_number { return $NUMBER{ $_[0] }; }
sub is_time { return $TIME{ $_[0] }; }

# The start of a local day in the column's own terms; "day" is SQL of a date.
sub edge
{
	my ($type, $day, $zone) = @_;

	return "($day)" if $type eq 'date';
	return "($day)::timestamp" if $type eq 'timestamp';
	return "(($day)::timestamp AT TIME ZONE " . quoted($zone) . ')';
}

sub day { return sprintf '2024-%02d-%02d', 3 + int rand 2, 1 + int rand 30; }

# A null lets itself through a negation, unless told otherwise.
sub negation
{
	my ($json, $sql, $expression) = @_;

	if (chance(0.25))
	{
		$json->{nulls} = 'exclude';
		return ($json, "(NOT ($sql))");
	}
	return ($json, "(NOT ($sql) OR $expression IS NULL)");
}

# A value that a column may have: what JSON says and what SQL says.
sub value
{
	my ($type) = @_;
	my $value;

	if ($type eq 'boolean')
	{
		$value = pick('true', 'false');
		return ($value eq 'true' ? JSON::PP::true : JSON::PP::false, $value);
	}
	if (is_number($type))
	{
		$value = $type eq 'bigint' ? pick(4, 12, 3000000000, '9007199254740993') : int(rand 14) - 3;
		$value = pick(7.125, 2.5, 100.25, 0) if chance(0.2);
		# A fraction against whole numbers compares as numeric.
		return (chance(0.2) ? "$value" : $value + 0, $value);
	}
	$value = $type eq 'KIND' ? pick(@World::KINDS)
	  : $type eq 'uuid' ? sprintf '%08x-0000-4000-8000-00000000000%d', rand 5, rand 3
	  : $type eq 'interval' ? pick('100 minutes', '1 day', '3000 minutes')
	  : $type eq 'time' ? pick('00:00', '09:30', '18:15:07.5')
	  : $type eq 'text[]' ? pick('{}', '{a}', '{a,b}')
	  : $type eq 'jsonb' ? pick('{"a": 1}', '[]', '"x"')
	  : pick(@World::TEXTS);
	return ($value, quoted($value));
}

sub comparison
{
	my ($type, $e) = @_;
	my $op = pick(qw(eq eq neq gt gte lt lte));

	$op = pick(qw(eq neq)) if $type =~ /^(?:jsonb|text\[\])$/;
	my ($json, $sql) = value($type);

	# A string with a fraction is no integer; only a number compares so.
	$json = $json + 0 if is_number($type) && $sql =~ /\./ && !ref $json;
	return negation({ operator => 'neq', value => $json }, "$e = $sql", $e) if $op eq 'neq';
	return ({ operator => $op, value => $json }, "$e $COMPARE{$op} $sql");
}

sub list
{
	my ($type, $e) = @_;
	my $op = pick(qw(in in_ not_in in_or_null));
	my @json;
	my @sql;
	my $null = chance(0.25);

	for (1 .. int rand 4)
	{
		my ($json, $sql) = value($type);

		$json = $json + 0 if is_number($type) && $sql =~ /\./ && !ref $json;
		push @json, $json;
		push @sql, "$e = $sql";
	}
	my $any = '(' . join(' OR ', @sql, 'false') . ')';

	splice @json, int rand(@json + 1), 0, undef if $null;
	my $json = { operator => $op, value => \@json };

	if ($op eq 'not_in')
	{
		# An empty list lets everything through.
		return ($json, 'true') if !@json;
		return ($json, "(NOT $any AND $e IS NOT NULL)") if $null;
		return negation($json, $any, $e);
	}
	return ($json, "($any OR $e IS NULL)") if $null || $op eq 'in_or_null';
	return ($json, $any);
}

sub between
{
	my ($type, $e) = @_;
	my ($low, $low_sql) = value($type);
	my ($high, $high_sql) = value($type);

	for ([ \$low, $low_sql ], [ \$high, $high_sql ])
	{
		${ $_->[0] } += 0 if is_number($type) && $_->[1] =~ /\./;
	}
	my $sql = "($e >= $low_sql AND $e <= $high_sql)";

	return ({ operator => 'between', value => [ $low, $high ] }, $sql) if chance(0.6);
	return negation({ operator => 'not_between', value => [ $low, $high ] }, $sql, $e);
}

sub pattern
{
	my ($e) = @_;
	my $op = pick(qw(like ilike not_like not_ilike contains starts_with ends_with));
	my $value = pick('n%', '%O%', 'a\\%b', 'a\\\\b', '_', '%', '', 'a_b', 'NORTH', '%"%', "%\n%");

	if ($op =~ /like/)
	{
		my $sql = "$e " . ($op =~ /ilike/ ? 'ILIKE ' : 'LIKE ') . quoted($value);

		return negation({ operator => $op, value => $value }, $sql, $e) if $op =~ /^not/;
		return ({ operator => $op, value => $value }, $sql);
	}
	$value = pick('n', 'OR', '%', '_', '\\', '', 'a_', ' ');
	my $sql = quoted($value);

	$sql = $op eq 'contains' ? "position(lower($sql) IN lower($e)) > 0"
	  : ($op eq 'starts_with' ? 'left' : 'right') . "(lower($e), " . length($value)
	  . ") = lower($sql)";
	return ({ operator => $op, value => $value }, $sql);
}

# Days and moments written out.
sub written_time
{
	my ($type, $e, $zone) = @_;
	my ($one, $two) = sort(day(), day());
	my $at = sub { edge($type, "date '$_[0]' + $_[1]", $zone) };
	my $op = pick(qw(eq neq gt gte lt lte between not_between in), 'moment');

	if ($op eq 'moment' && $type ne 'date')
	{
		my $value = "$one 0" . int(rand 10) . ':30:00';
		my $sql = "timestamp '$value'";

		$op = pick(qw(gt gte lt lte));
		$sql = "($sql AT TIME ZONE " . quoted($zone) . ')' if $type eq 'timestamptz';
		return ({ operator => $op, value => $value }, "$e $COMPARE{$op} $sql");
	}
	my $whole = sub { "($e >= " . $at->($_[0], 0) . " AND $e < " . $at->($_[1], 1) . ')' };

	return ({ operator => 'eq', value => $one }, $whole->($one, $one)) if $op eq 'eq';
	return negation({ operator => 'neq', value => $one }, $whole->($one, $one), $e)
	  if $op eq 'neq';
	return ({ operator => 'gt', value => $one }, "$e >= " . $at->($one, 1)) if $op eq 'gt';
	return ({ operator => 'lte', value => $one }, "$e < " . $at->($one, 1)) if $op eq 'lte';
	return ({ operator => 'lt', value => $one }, "$e < " . $at->($one, 0)) if $op eq 'lt';
	return negation({ operator => 'not_between', value => [ $one, $two ] }, $whole->($one, $two),
		$e)
	  if $op eq 'not_between';
	return ({ operator => 'in', value => [ $one, $two ] },
		'(' . $whole->($one, $one) . ' OR ' . $whole->($two, $two) . ')')
	  if $op eq 'in';
	return ({ operator => 'between', value => [ $one, $two ] }, $whole->($one, $two))
	  if $op eq 'between';
	return ({ operator => 'gte', value => $one }, "$e >= " . $at->($one, 0));
}

my $TODAY = '@';
my %PRESET = (
	today => [ $TODAY, $TODAY ],
	yesterday => [ "$TODAY - 1", "$TODAY - 1" ],
	last_7_days => [ "$TODAY - 6", $TODAY ],
	last_30_days => [ "$TODAY - 29", $TODAY ],
	last_3_days => [ "$TODAY - 2", $TODAY ],
	this_week => [ "date_trunc('week', $TODAY)::date", $TODAY ],
	last_week => [
		"date_trunc('week', $TODAY)::date - 7", "date_trunc('week', $TODAY)::date - 1" ],
	this_month => [ "date_trunc('month', $TODAY)::date", $TODAY ],
	last_month => [
		"(date_trunc('month', $TODAY) - interval '1 month')::date",
		"date_trunc('month', $TODAY)::date - 1" ],
	this_year => [ "date_trunc('year', $TODAY)::date", $TODAY ]);

# Days counted from today.
sub relative_time
{
	my ($type, $e, $zone) = @_;
	my $today = '(transaction_timestamp() AT TIME ZONE ' . quoted($zone) . ')::date';
	my $days = int(rand 30) - 20;
	my ($low, $high);

	if (chance(0.5))
	{
		my $preset = pick(sort keys %PRESET);

		($low, $high) = map { my $x = $_; $x =~ s/@/$today/g; $x } @{ $PRESET{$preset} };
		return ({ operator => 'date_preset', value => $preset },
			"($e >= " . edge($type, $low, $zone) . " AND $e < " . edge($type, "$high + 1", $zone)
			  . ')');
	}
	($low, $high) = $days < 0 ? ("$today + $days", $today) : ($today, "$today + $days");
	$low =~ s/\+ -/- /;
	my $sql = "($e >= " . edge($type, $low, $zone) . " AND $e < " . edge($type, "$high + 1", $zone)
	  . ')';

	return ({ operator => 'date_relative', value => $days }, $sql) if chance(0.7);
	return negation({ operator => 'not_date_relative', value => $days }, $sql, $e);
}

# One test of an expression of a type: JSON without its subject, and SQL.
sub test
{
	my ($type, $e, $zone) = @_;

	if (chance(0.1))
	{
		return ({ operator => 'is_null' }, "$e IS NULL") if chance(0.3);
		return ({ operator => 'eq', value => undef }, "$e IS NULL") if chance(0.3);
		return ({ operator => 'neq', value => undef }, "$e IS NOT NULL") if chance(0.3);
		return ({ operator => 'is_not_null' }, "$e IS NOT NULL");
	}
	return chance(0.7) ? written_time($type, $e, $zone) : relative_time($type, $e, $zone)
	  if is_time($type);
	if ($type eq 'text[]' && chance(0.7))
	{
		my $value = pick('a', 'b', 'x y', '');

		return ({ operator => 'array_contains', value => $value },
			"$e @> ARRAY[" . quoted($value) . ']');
	}
	return pattern($e) if ($type eq 'text' || $type eq 'varchar') && chance(0.5);
	return pattern("($e)::text") if $type eq 'KIND' && chance(0.3);
	return list($type, $e) if $type !~ /^(?:jsonb|text\[\])$/ && chance(0.35);
	return between($type, $e) if is_number($type) && chance(0.3);
	return comparison($type, $e);
}

# A condition on a number H.
sub over_number
{
	my ($json, $sql) = comparison('numeric', 'H');

	$json->{value} = $json->{value} + 0;
	return ($json, $sql);
}

# A condition or a group of them; "subject" gives [JSON of the subject, type, SQL].
sub tree
{
	my ($subject, $zone, $depth) = @_;

	if ($depth > 0 && chance(0.25))
	{
		my $kind = pick(qw(and or or not));

		if ($kind eq 'not')
		{
			my ($json, $sql) = tree($subject, $zone, $depth - 1);

			return ({ not => $json }, "(NOT ($sql))");
		}
		my (@json, @sql);

		for (1 .. 1 + int rand 3)
		{
			my ($json, $sql) = tree($subject, $zone, $depth - 1);

			push @json, $json;
			push @sql, "($sql)";
		}
		return ({ $kind => \@json }, '(' . join($kind eq 'and' ? ' AND ' : ' OR ', @sql) . ')');
	}
	my ($about, $type, $e) = @{ $subject->() };
	my ($json, $sql) = test($type, $e, $zone);

	return ({ %$about, %$json }, $sql);
}

1;
