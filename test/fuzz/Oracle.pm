package Oracle;

# What is right, in plain SQL: the half of a question that answers it.

use strict;
use warnings;

use Condition;
use World;

*quoted = \&World::quoted;
*name = \&World::name;

# The bucket that a time falls into.
sub bucket
{
	my ($type, $e, $unit, $zone) = @_;
	my ($count, $word) = $unit =~ /^(\d+) (\w+?)s?$/ ? ($1, $2) : (1, $unit);
	my $there = 'AT TIME ZONE ' . quoted($zone);
	my $local = $type eq 'timestamptz' ? "($e $there)" : "($e)::timestamp";
	my $start;

	if ($word eq 'hour' || $word eq 'minute')
	{
		# An hour is an hour: widths up to it step in absolute time.
		my $origin = "timestamp '2000-01-01'" . ($type eq 'timestamptz' ? " $there" : '');

		return "date_bin('$count $word', $e, $origin)";
	}
	if ($count == 1)
	{
		$start = "date_trunc('$word', $local)";
	}
	elsif ($word eq 'day' || $word eq 'week')
	{
		my $days = $word eq 'week' ? 7 * $count : $count;

		# The first Monday of 2000 was the third of January.
		$start = sprintf "(date '2000-01-0%d' + (floor((%s::date - date '2000-01-0%d')"
		  . "::numeric / %d) * %d)::int)::timestamp", $word eq 'week' ? 3 : 1, $local,
		  $word eq 'week' ? 3 : 1, $days, $days;
	}
	else
	{
		my $months = $count * { month => 1, quarter => 3, year => 12 }->{$word};

		$start = sprintf "(timestamp '2000-01-01' + floor((extract(year FROM %s) * 12"
		  . " + extract(month FROM %s) - 1 - 24000) / %d) * %d * interval '1 month')", $local,
		  $local, $months, $months;
	}
	$start = "CASE WHEN isfinite($e) THEN $start WHEN $e < '2000-01-01' THEN '-infinity'"
	  . " WHEN $e IS NOT NULL THEN 'infinity' END";
	return $type eq 'timestamptz' ? "(($start) $there)"
	  : $type eq 'date' ? "($start)::date" : "($start)";
}

# An aggregate of "x", ordered by the table's rid where that matters.
sub aggregate
{
	my ($json, $type) = @_;
	my $how = $json->{aggregation};
	my $x = $json->{distinct} ? 'DISTINCT x' : 'x';
	my $float = $type =~ /^(?:real|double precision)$/;

	return 'count(*)' if $json->{column} eq '*';
	return "count(DISTINCT x)" if $how =~ /count_distinct$/;
	if ($how eq 'median' || $how eq 'percentile')
	{
		my $fraction = $how eq 'median' ? 0.5 : $json->{args}{fraction};
		my $kind = Condition::is_number($type) || $type eq 'interval' ? 'cont' : 'disc';

		return "percentile_$kind($fraction) WITHIN GROUP (ORDER BY x)";
	}
	return 'mode() WITHIN GROUP (ORDER BY x)' if $how eq 'mode';
	return 'corr(x, y)' if $how eq 'corr';
	return '(array_agg(x ORDER BY r) FILTER (WHERE x IS NOT NULL))[1]' if $how eq 'first';
	return '(array_agg(x ORDER BY r DESC) FILTER (WHERE x IS NOT NULL))[1]' if $how eq 'last';
	if ($how eq 'string_agg')
	{
		my $separator = quoted($json->{args}{separator} // ', ');

		return "string_agg($x, $separator ORDER BY " . ($json->{args}{order_by} ? 'r' : 'x') . ')';
	}
	return "array_agg($x ORDER BY " . ($json->{args}{order_by} ? 'r' : 'x') . ')'
	  if $how eq 'array_agg';
	return "$how($x)";
}

# ---- What is right ------------------------------------------------------------------

sub where
{
	my ($self) = @_;

	return $self->{where} ? "\nWHERE " . join("\n  AND ", map { "($_)" } @{ $self->{where} }) : '';
}

sub tail
{
	my ($self) = @_;

	return ($self->{order} ? "\nORDER BY " . join(', ', @{ $self->{order} }) : '')
	  . (defined $self->{limit} ? "\nLIMIT $self->{limit}" : '')
	  . (defined $self->{offset} ? "\nOFFSET $self->{offset}" : '');
}

# The joined rows, with all that is asked of them.
sub joined
{
	my ($self) = @_;
	my @select = ('1 AS one');
	my $n = 0;

	for my $output (@{ $self->{outputs} })
	{
		$n++;
		push @select, "$output->{dim} AS d$n" if $output->{dim};
		next if $output->{dim};
		if ($output->{parts})
		{
			my $k = 0;

			for my $part (@{ $output->{parts} })
			{
				push @select, "$part->{e} AS x${n}_$k", name($part->{table}{id}) . '.'
				  . name($self->{world}->rid($part->{table}{name})) . " AS r${n}_$k";
				push @select, "$part->{with} AS y${n}_$k" if $part->{with};
				push @select, "$part->{filter} AS f${n}_$k" if $part->{filter};
				$k++;
			}
			next;
		}
		push @select, "$output->{e} AS x$n", name($output->{table}{id}) . '.'
		  . name($self->{world}->rid($output->{table}{name})) . " AS r$n";
		push @select, "$output->{with} AS y$n" if $output->{with};
		push @select, "$output->{filter} AS f$n" if $output->{filter};
	}
	$n = 0;
	push @select, map { $n++; "$_ AS h$n" } @{ $self->{hidden} };
	return "SELECT " . join(",\n  ", @select) . "\nFROM $self->{from}" . $self->where;
}

# One measure of a group g.
sub measured
{
	my ($self, $n, @dims) = @_;
	my $output = $self->{outputs}[ $n - 1 ];

	if ($output->{parts})
	{
		my $formula = $output->{formula};
		my @parts = map { $self->measured_part("${n}_$_", $output->{parts}[$_], @dims) }
		  0 .. $#{ $output->{parts} };

		$formula =~ s/\bA(\d+)\b/$parts[$1]/g;
		return $formula;
	}
	return $self->measured_part($n, $output, @dims);
}

# One aggregate of a group g.
sub measured_part
{
	my ($self, $n, $output, @dims) = @_;
	my $once = $self->{way} ne 'allow' && !$output->{same_rows} ? "DISTINCT ON (r$n) " : '';

	my $with = $output->{with} ? ", y$n AS y" : '';

	return sprintf "(SELECT %s FROM (SELECT %sx%s AS x%s, r%s AS r FROM j WHERE %s%s%s) AS s)",
	  $output->{aggregate}, $once, $n, $with, $n, $output->{filter} ? "f$n" : 'true',
	  " AND r$n IS NOT NULL", join '', map { " AND j.$_ IS NOT DISTINCT FROM g.$_" } @dims;
}

# Every bucket of the range, as a set g of b.
sub buckets
{
	my ($self) = @_;
	my $series = $self->{series};
	my ($type, $zone) = ($series->{type}, quoted($self->{zone}));
	my ($low, $high) = @{ $self->{range} };
	my $interval = $series->{json}{interval};
	my $step = $interval =~ /^\d/ ? $interval : $interval eq 'quarter' ? '3 months' : "1 $interval";
	my $first = bucket($type, $low, $interval, $self->{zone});

	return "SELECT b FROM generate_series($first, $high, '$step') AS b WHERE b < $high"
	  if $interval =~ /minute|hour/;
	return "SELECT b::date AS b FROM generate_series($first, $high, '$step') AS b WHERE b < $high"
	  if $type eq 'date';
	return "SELECT b FROM generate_series($first, $high, '$step') AS b WHERE b < $high"
	  if $type eq 'timestamp';
	# A day that begins late is its midnight all the same.
	return "SELECT b AT TIME ZONE $zone AS b FROM generate_series("
	  . bucket('timestamp', "($low AT TIME ZONE $zone)", $interval, 'UTC')
	  . ", $high AT TIME ZONE $zone, '$step') AS b WHERE b AT TIME ZONE $zone < $high";
}

# The groups of some of the dimensions (d1, h1 and so on), as rows of o1, o2 ...
sub grouped
{
	my ($self, @dims) = @_;
	my %kept = map { $_ => 1 } @dims;
	my $groups = @dims ? '(SELECT DISTINCT ' . join(', ', @dims) . ' FROM j)' : '(SELECT)';
	my $n = 0;
	my @shown;

	for my $output (@{ $self->{outputs} })
	{
		$n++;
		push @shown, ($output->{dim} ? $kept{"d$n"} ? "g.d$n" : "(SELECT d$n FROM j LIMIT 0)"
			: $self->measured($n, @dims)) . " AS o$n";
	}
	return 'SELECT ' . join(",\n  ", @shown, map { "g.$_" } grep { /^h/ } @dims)
	  . "\nFROM $groups AS g";
}

# The groups of a filled series: "a" has what the rows say.
sub filled
{
	my ($self, $having, @dims) = @_;
	my @outputs = @{ $self->{outputs} };
	my @series = grep { $_ ne 'd1' } @dims;
	my $fill = $self->{def}{time_series}{fill} // 'value';
	my @of = map { my $d = $_; $d =~ s/^d/o/; $d } @series;
	my @on = map { "a.$of[$_] IS NOT DISTINCT FROM s.$series[$_]" } 0 .. $#series;
	# A series of which "having" has left nothing is no series.
	my $all = @series ? '(SELECT DISTINCT '
	  . join(', ', map { "$of[$_] AS $series[$_]" } 0 .. $#series) . " FROM a WHERE $having)"
	  : '(SELECT)';
	my @filled;

	for my $i (0 .. $#outputs)
	{
		my $n = $i + 1;
		my $value = $fill eq 'value' && $outputs[$i]{result} && $outputs[$i]{result} ne 'other'
		  ? '0' : 'NULL';

		# The last value before it that is one.
		$value = "(SELECT p.o$n FROM a AS p WHERE p.o$n IS NOT NULL AND p.o1 < g.b AND ($having)"
		  . join('', map { " AND p.$of[$_] IS NOT DISTINCT FROM s.$series[$_]" } 0 .. $#series)
		  . ' ORDER BY p.o1 DESC LIMIT 1)'
		  if $fill eq 'previous';
		push @filled, $i == 0 ? 'g.b AS o1' : $outputs[$i]{dim} ? "s.d$n AS o$n"
		  : "CASE WHEN a.hit THEN o$n ELSE $value END AS o$n";
	}
	return 'SELECT ' . join(', ', @filled) . "\nFROM (" . $self->buckets
	  . ") AS g CROSS JOIN $all AS s\nLEFT JOIN a ON " . join(' AND ', 'a.o1 = g.b', @on)
	  . "\nWHERE a.hit IS NULL OR ($having)";
}

# A condition on outputs by name, said of o1, o2 ...
sub said_of
{
	my ($self, $condition) = @_;

	return 'true' if !$condition;
	my ($output, $sql) = @$condition;
	my @all = $self->all_outputs;
	my ($at) = grep { $all[$_] == $output } 0 .. $#all;

	$sql =~ s/\bH\b/'o' . ($at + 1)/ge;
	return $sql;
}

# The largest groups in their places; the rest again from its rows.
sub largest
{
	my ($self, @dims) = @_;
	my @outputs = @{ $self->{outputs} };
	my $top = $self->{top};
	my $having = $self->said_of($self->{having});
	my @places = map { my $d = $_; $d =~ s/^d/o/; $d } @dims;
	my $text = 'WITH all_rows AS MATERIALIZED (' . $self->joined . '), g AS (SELECT q.*,'
	  . " row_number() OVER (ORDER BY q.o$top->{by} DESC NULLS LAST, q."
	  . join(', q.', @places) . ') AS place FROM ('
	  . ($self->grouped(@dims) =~ s/\bj\b/all_rows/gr) . ") AS q WHERE $having),\nj AS"
	  . " (SELECT * FROM all_rows AS r WHERE EXISTS (SELECT FROM g WHERE g.place > $top->{n}"
	  . join('', map { " AND g.$places[$_] IS NOT DISTINCT FROM r.$dims[$_]" } 0 .. $#dims) . '))';
	my $cast = $top->{other} ? '::text' : '';
	my $first = join ', ', map { $outputs[$_]{dim} ? 'o' . ($_ + 1) . "$cast AS o" . ($_ + 1)
		  : 'o' . ($_ + 1) } 0 .. $#outputs;
	my $rest = $self->grouped;

	$rest =~ s/\(SELECT d\d+ FROM j LIMIT 0\)/'Other'/g;
	my $list = join ', ', map { "o$_" } 1 .. @outputs;

	return "$text\nSELECT * FROM (SELECT $list FROM (SELECT $first, place FROM g"
	  . " WHERE place <= $top->{n}"
	  . ($top->{other} ? "\nUNION ALL SELECT $list, 1000000 FROM ($rest) AS r"
		. ' WHERE EXISTS (SELECT FROM j)' : '')
	  . ') AS u' . $self->tail . ') AS f ' . ($self->{part} // '');
}

# The groups, and the same groups of the period before.
sub compared
{
	my ($self, @dims) = @_;
	my @outputs = @{ $self->{outputs} };
	my $having = $self->said_of($self->{having});
	my $now = $self->{where};
	my $text = 'WITH j AS MATERIALIZED (' . $self->joined . '), a AS ('
	  . $self->grouped(@dims) . ")";

	$self->{where} = $self->{before};
	$text .= ",\nk AS MATERIALIZED (" . $self->joined . '), p AS (SELECT true AS hit, q.* FROM ('
	  . ($self->grouped(@dims) =~ s/\bj\b/k/gr) . ') AS q)';
	$self->{where} = $now;
	my @on = map { my $o = $_; $o =~ s/^d/o/; "p.$o IS NOT DISTINCT FROM a.$o" } @dims;
	my @more;

	for my $n (grep { !$outputs[ $_ - 1 ]{dim} } 1 .. @outputs)
	{
		my $cast = $outputs[ $n - 1 ]{float} ? 'float8' : 'numeric';
		my ($one, $two) = ("a.o$n\::$cast", "p.o$n\::$cast");

		push @more, "p.o$n", "$one - $two", "($one - $two) * 100 / nullif($two, 0)";
	}
	return "$text\nSELECT * FROM (SELECT " . join(', ', (map { "a.o$_" } 1 .. @outputs), @more)
	  . ' FROM a LEFT JOIN p ON ' . join(' AND ', 'true', @on) . ' WHERE '
	  . ($having =~ s/\bo(\d+)\b/a.o$1/gr) . $self->tail . ') AS f ' . ($self->{part} // '');
}

# The statement that says what is right, or undef.
sub oracle
{
	my ($self) = @_;
	my @outputs = @{ $self->{outputs} };
	my $part = $self->{part} // '';
	my $n = 0;

	return if !$self->{oracle};
	return 'SELECT * FROM (SELECT ' . join(', ', map { $_->{dim} } @outputs)
	  . "\nFROM $self->{from}" . $self->where . $self->tail . ") AS f $part"
	  if !$self->{grouped};
	my @dims = ((map { $n++; $_->{dim} ? "d$n" : () } @outputs),
		map { "h$_" } 1 .. @{ $self->{hidden} });
	my @all = $self->all_outputs;
	my @over = @{ $self->{over} // [] };
	my %at = map { $all[$_] => 'o' . ($_ + 1) } 0 .. $#all;
	my @names = map { "o$_" } 1 .. @all;

	return $self->largest(@dims) if $self->{top};
	return $self->compared(@dims) if $self->{compared};
	my $having = $self->said_of($self->{having});
	my $qualify = $self->said_of($self->{qualify});
	my $text = 'WITH j AS MATERIALIZED (' . $self->joined . "),\na AS (SELECT true AS hit, * FROM ("
	  . $self->grouped(@dims) . ') AS q)';
	my @levels = ($self->{series} && $self->{series}{filled} ? $self->filled($having, @dims)
		: 'SELECT ' . join(', ', map { "o$_" } 1 .. @outputs) . " FROM a WHERE $having");

	# From the last of them to the first.
	for my $level (1 .. @{ $self->{rolled} // [] })
	{
		my %gone = map { $_ => 1 } @{ $self->{rolled} }[ -$level .. -1 ];

		push @levels, $self->grouped(grep { !$gone{$_} } @dims);
	}
	$n = 0;
	my $windowed = join '', map { ",\n  $_->{sql} AS $at{$_}" } @{ $self->{windows} // [] };
	my $calculated = 'w0';

	# Each may be of those before it.
	for my $over (@over)
	{
		my $sql = $over->{sql} =~ s/\b([WX])\b/$at{ $over->{of}{$1} }/gr;

		$calculated = "(SELECT *, $sql AS $at{$over} FROM $calculated) AS c";
	}

	$text .= ",\nu AS (" . join("\nUNION ALL ",
		map { "SELECT *, $_ AS lv FROM ($levels[$_]) AS l$_" } 0 .. $#levels)
	  . "),\nw0 AS (SELECT u.*$windowed FROM u),\nw AS (SELECT * FROM $calculated)";
	push @names, 'lv' if @levels > 1;
	my $list = join ', ', @names;

	# Totals are not chosen among, and have no order here.
	return "$text\nSELECT * FROM (SELECT $list FROM w WHERE lv = 0 AND ($qualify)" . $self->tail
	  . ") AS f $part" . (@levels > 1 ? "\nUNION ALL SELECT $list FROM w WHERE lv > 0" : '');
}

1;
