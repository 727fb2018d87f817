package Expression;

# Random calculated fields over the columns of one table, each as a definition
# says it, with no more parentheses than it needs, and as SQL with all of them.
# A node is [how tightly its text binds, text, SQL].

use strict;
use warnings;

use Condition;
use World;

*chance = \&World::chance;
*pick = \&World::pick;
*quoted = \&World::quoted;

use constant {
	OR => 1, AND => 2, NOT => 3, COMPARE => 4, CONCAT => 5, ADD => 6, MULTIPLY => 7, SIGN => 8,
	ATOM => 9
};

sub new
{
	my ($class, $question, $table) = @_;
	my @types = map { $_->[1] } $question->columns_of($table);
	my $float = (chance(0.4) || !grep { /^(?:integer|smallint|numeric|PRICE)$/ } @types)
	  && grep { /^(?:real|double precision)$/ } @types;

	return bless { question => $question, table => $table, float => $float }, $class;
}

# The text of a node inside one that binds as tightly as "level".
sub inside
{
	my ($node, $level) = @_;

	return $node->[0] >= $level ? $node->[1] : "($node->[1])";
}

# Two nodes and an operator between them; what stands right binds tighter.
sub infix
{
	my ($level, $op, $one, $two, $sql) = @_;

	return [ $level, inside($one, $level) . " $op " . inside($two, $level + 1), "($sql)" ];
}

sub call
{
	my ($name, $sql, @arguments) = @_;

	$name = uc $name if chance(0.2);
	return [ ATOM, "$name(" . join(', ', map { $_->[1] } @arguments) . ')', $sql ];
}

sub is_one
{
	my ($self, $type) = @_;

	return $self->{float} ? $type =~ /^(?:real|double precision)$/
	  : $type =~ /^(?:integer|smallint|numeric|PRICE)$/;
}

# A column of the table that fits; or nothing.
sub column
{
	my ($self, $fits) = @_;
	my @columns = grep { $fits->($_->[1]) } $self->{question}->columns_of($self->{table});

	return if !@columns;
	my $column = pick(@columns);
	my ($id, $name) = ($self->{table}{id}, $column->[0]);
	my $sql = World::name($id) . '.' . World::name($name);

	s/\]/]]/g for $id, $name;
	return ([ ATOM, "[$id.$name]", $sql ], $column->[1]);
}

sub text_literal
{
	my ($text) = @_;
	my $said = $text;

	if (chance(0.5))
	{
		$said =~ s/"/\\"/g;
		return [ ATOM, "\"$said\"", quoted($text) ];
	}
	$said =~ s/'/''/g;
	return [ ATOM, "'$said'", quoted($text) ];
}

sub whole { my ($n) = @_; return [ $n < 0 ? SIGN : ATOM, "$n", "($n)" ]; }

# ---- Numbers ---------------------------------------------------------------------

sub number_leaf
{
	my ($self) = @_;
	my $cast = $self->{float} ? 'float8' : 'numeric';
	my @fields = grep { $_->{table} == $self->{table} && $self->is_one($_->{type}) }
	  @{ $self->{question}{fields} };

	if (@fields && chance(0.2))
	{
		my $field = pick(@fields);

		return [ ATOM, "[$field->{name}]", "$field->{sql}::$cast" ];
	}
	if (chance(0.75))
	{
		my ($node) = $self->column(sub { $self->is_one($_[0]) });

		return [ ATOM, $node->[1], "($node->[2])::$cast" ] if $node;
	}
	if (!$self->{float} && chance(0.3))
	{
		my ($node) = $self->column(sub { $_[0] eq 'interval' });

		return call('total_seconds', "extract(epoch FROM $node->[2])", $node) if $node;
	}
	my $value = chance(0.7) ? int rand 6 : pick('0.5', '2.25', '100');

	return [ ATOM, $value, "$value\::$cast" ];
}

sub number
{
	my ($self, $depth) = @_;

	return $self->number_leaf if $depth == 0 || chance(0.15);
	my $how = int rand 16;

	if ($how < 7)
	{
		my $op = pick(qw(+ - * / + - *));
		my ($one, $two) = ($self->number($depth - 1), $self->number($depth - 1));
		my $level = $op =~ /[+-]/ ? ADD : MULTIPLY;

		return infix($level, $op, $one, $two,
			$op eq '/' ? "$one->[2] / nullif($two->[2], 0)" : "$one->[2] $op $two->[2]");
	}
	my $x = $self->number($depth - 1);

	return [ SIGN, '-' . inside($x, ATOM), "(- $x->[2])" ] if $how == 7;
	if ($how == 8)
	{
		my $name = pick(qw(abs ceil floor sign trunc));

		return call($name, "$name($x->[2])", $x);
	}
	my $y = $self->number($depth - 1);

	if ($how == 9)
	{
		my $name = pick(qw(greatest least coalesce nullif));

		return call($name, "$name($x->[2], $y->[2])", $x, $y);
	}
	if ($how == 10)
	{
		my $digits = int rand 3;

		return call('ifnull', "coalesce($x->[2], $y->[2])", $x, $y) if $self->{float};
		return call('round', "round($x->[2], $digits)", $x, whole($digits));
	}
	if ($how == 11)
	{
		return call('sqrt', "sqrt(abs($x->[2]))", call('abs', '', $x)) if chance(0.3);
		return infix(MULTIPLY, '%', $x, $y, "$x->[2] % nullif($y->[2], 0)") if !$self->{float};
	}
	if ($how == 12 && !$self->{float})
	{
		my $text = $self->text($depth - 1);

		return call('length', "length($text->[2])::numeric", $text);
	}
	my $test = $self->condition($depth - 1);

	return call('if', "CASE WHEN $test->[2] THEN $x->[2] ELSE $y->[2] END", $test, $x, $y)
	  if $how < 15;
	return [ ATOM, "case when $test->[1] then $x->[1] else $y->[1] end",
		"CASE WHEN $test->[2] THEN $x->[2] ELSE $y->[2] END" ];
}

# ---- Text -------------------------------------------------------------------------

sub text
{
	my ($self, $depth) = @_;
	my ($leaf) = $self->column(sub { $_[0] =~ /^(?:text|varchar)$/ });

	$leaf = $leaf && chance(0.7) ? [ ATOM, $leaf->[1], "($leaf->[2])::text" ]
	  : text_literal(pick(@World::TEXTS));
	return $leaf if $depth == 0 || chance(0.2);
	my $how = int rand 9;
	my $x = $self->text($depth - 1);
	my $y = $self->text($depth - 1);

	return infix(CONCAT, '||', $x, $y, "$x->[2] || $y->[2]") if $how == 0;
	return call(pick(qw(concat concatenate)), "concat($x->[2], $y->[2])", $x, $y) if $how == 1;
	if ($how == 2)
	{
		my $name = pick(qw(lower upper trim ltrim rtrim));

		return call($name, $name eq 'trim' ? "btrim($x->[2])" : "$name($x->[2])", $x);
	}
	if ($how == 3)
	{
		my $name = pick(qw(left right));
		my $n = int rand 4;

		return call($name, "$name($x->[2], $n)", $x, whole($n));
	}
	if ($how == 4)
	{
		my ($from, $length) = (1 + int rand 3, int rand 4);

		return call('substring', "substr($x->[2], $from, $length)", $x, whole($from),
			whole($length));
	}
	return call('replace', "replace($x->[2], $y->[2], 'z')", $x, $y, text_literal('z'))
	  if $how == 5;
	return call('split_part', "split_part($x->[2], 'o', 1)", $x, text_literal('o'), whole(1))
	  if $how == 6;
	return call('coalesce', "coalesce($x->[2], $y->[2])", $x, $y) if $how == 7;
	my $test = $self->condition($depth - 1);

	return call('if', "CASE WHEN $test->[2] THEN $x->[2] ELSE $y->[2] END", $test, $x, $y);
}

# ---- Conditions ----------------------------------------------------------------------

sub compared
{
	my ($self, $depth) = @_;
	my ($said, $op) = @{ pick([qw(== =)], [qw(= =)], [qw(!= <>)], [qw(<> <>)], [qw(< <)],
			[qw(<= <=)], [qw(> >)], [qw(>= >=)]) };
	my ($one, $two) = chance(0.7) ? ($self->number($depth), $self->number($depth))
	  : ($self->text($depth), $self->text($depth));

	return [ COMPARE, inside($one, CONCAT) . " $said " . inside($two, CONCAT),
		"($one->[2] $op $two->[2])" ];
}

sub condition
{
	my ($self, $depth) = @_;
	my $how = int rand 12;

	if ($depth > 0 && $how < 4)
	{
		my ($one, $two) = ($self->condition($depth - 1), $self->condition($depth - 1));

		return [ NOT, 'not ' . inside($one, NOT), "(NOT $one->[2])" ] if $how == 0;
		return infix(AND, pick(qw(and AND)), $one, $two, "$one->[2] AND $two->[2]") if $how < 3;
		return infix(OR, 'or', $one, $two, "$one->[2] OR $two->[2]");
	}
	$depth-- if $depth > 0;
	my ($flag) = $self->column(sub { $_[0] eq 'boolean' });

	return $flag if $flag && $how == 4;
	if ($how == 5)
	{
		my $x = chance(0.5) ? $self->number($depth) : $self->text($depth);
		my $not = chance(0.5) ? ' not' : '';

		return [ COMPARE, inside($x, CONCAT) . " is$not null", "($x->[2] IS$not NULL)" ];
	}
	if ($how == 6)
	{
		my @list = map { whole(int rand 9) } 0 .. int rand 3;
		my $x = $self->number($depth);
		my $not = chance(0.3) ? 'not ' : '';

		return [ COMPARE,
			inside($x, CONCAT) . " ${not}in (" . join(', ', map { $_->[1] } @list) . ')',
			"($x->[2] ${not}IN (" . join(', ', map { $_->[2] } @list) . '))' ];
	}
	if ($how == 7)
	{
		my $x = $self->number($depth);

		return [ COMPARE, inside($x, CONCAT) . ' between 1 and 20', "($x->[2] BETWEEN 1 AND 20)" ];
	}
	if ($how == 8)
	{
		my $x = $self->text($depth);
		my $pattern = pick('n%', '%o%', '_', '%\\%%', '%');

		return [ COMPARE, inside($x, CONCAT) . ' like ' . text_literal($pattern)->[1],
			"($x->[2] LIKE " . quoted($pattern) . ')' ];
	}
	if ($how == 9)
	{
		my ($x, $y) = ($self->text($depth), $self->text($depth));

		return call('contains', "(position($y->[2] IN $x->[2]) > 0)", $x, $y) if chance(0.5);
		return call('starts_with', "starts_with($x->[2], $y->[2])", $x, $y);
	}
	return $self->compared($depth);
}

# ---- Times ------------------------------------------------------------------------------

# A number out of a time of day or an interval; or nothing.
sub clock_part
{
	my ($self) = @_;
	my ($x, $type) = $self->column(sub { $_[0] =~ /^(?:time|interval)$/ });

	return if !$x;
	return call('total_seconds', "extract(epoch FROM $x->[2])", $x) if $type eq 'interval';
	my $name = pick(qw(hour minute));

	return call($name, "extract($name FROM $x->[2])", $x);
}

# A number out of a time, in the query's zone; or nothing.
sub time_part
{
	my ($self) = @_;
	my $clock = chance(0.25) ? $self->clock_part : undef;
	my ($x, $type) = $self->column(\&Condition::is_time);

	return $clock if $clock || !$x;
	my $zone = quoted($self->{question}{zone});
	my $local = $type eq 'timestamptz' ? "($x->[2] AT TIME ZONE $zone)" : "($x->[2])::timestamp";
	my $name = pick(qw(year quarter month week day weekday iso_year iso_week hour minute));

	$name = 'year' if $type eq 'date' && $name =~ /hour|minute/;
	my $part = { weekday => 'dow', iso_year => 'isoyear', iso_week => 'week' }->{$name} // $name;

	return call($name, "extract($part FROM $local)", $x) if chance(0.6);
	my ($y, $other) = $self->column(\&Condition::is_time);
	my $there = $other eq 'timestamptz' ? "($y->[2] AT TIME ZONE $zone)" : "($y->[2])::timestamp";

	return call('datediff', "CASE WHEN isfinite($x->[2]) AND isfinite($y->[2])"
		  . " THEN $there\::date - $local\::date END::numeric", $x, $y, text_literal('day'));
}

# ---- Aggregates -----------------------------------------------------------------------------

# One aggregate, its SQL "A0" or so to be put in for what "parts" gets.
sub aggregate
{
	my ($self, $parts) = @_;
	my $x;

	for (1 .. 20)
	{
		$x = $self->number(1);
		last if $x->[1] =~ /\[/;
	}
	# A constant belongs to no table.
	$self->{question}{oracle} = 0 if $x->[1] !~ /\[/;
	my $how = pick(qw(sum sum avg count count_distinct min max median percentile sum_if avg_if
		count_if corr));
	my $part = { table => $self->{table}, e => $x->[2], aggregate => "$how(x)" };
	my @arguments = ($x);

	if ($how =~ /^(.*)_if$/)
	{
		my $plain = $1;
		my $test;

		for (1 .. 20)
		{
			$test = $self->condition(1);
			last if $test->[1] =~ /\[/;
		}
		$self->{question}{oracle} = 0 if $test->[1] !~ /\[/;
		$part->{filter} = $test->[2];
		$part->{aggregate} = "$plain(x)";
		@arguments = $how eq 'count_if' ? ($test) : ($x, $test);
		$part->{e} = '1' if $how eq 'count_if';
	}
	$part->{aggregate} = 'count(DISTINCT x)' if $how eq 'count_distinct';
	if ($how eq 'median' || $how eq 'percentile')
	{
		my $fraction = $how eq 'median' ? 0.5 : 0.9;

		$part->{aggregate} = "percentile_cont($fraction) WITHIN GROUP (ORDER BY x)";
		push @arguments, [ ATOM, '0.9', '' ] if $how eq 'percentile';
	}
	if ($how eq 'corr')
	{
		my $y = $self->number(1);

		$self->{question}{oracle} = 0 if $y->[1] !~ /\[/;
		$part->{with} = $y->[2];
		$part->{aggregate} = 'corr(x, y)';
		push @arguments, $y;
	}
	push @$parts, $part;
	return call($how, 'A' . $#$parts . '::float8', @arguments);
}

# A measure: its expression, its parts, and how they are put together.
sub measure
{
	my ($self, $name) = @_;
	my @parts;
	my $node = $self->aggregate(\@parts);

	for (1 .. pick(0, 0, 1, 1, 2))
	{
		my $op = pick(qw(+ - * /));
		my $other = chance(0.2) ? [ ATOM, '100', '100::float8' ] : $self->aggregate(\@parts);
		my $level = $op =~ /[+-]/ ? ADD : MULTIPLY;

		$node = infix($level, $op, $node, $other,
			$op eq '/' ? "$node->[2] / nullif($other->[2], 0)" : "$node->[2] $op $other->[2]");
	}
	$node = call('coalesce', "coalesce($node->[2], 0::float8)", $node, whole(0)) if chance(0.2);
	return { name => $name, expression => "$node->[1]", formula => $node->[2], parts => \@parts };
}

# ---- Fields --------------------------------------------------------------------------------

# A field: its name, type, expression and SQL.
sub field
{
	my ($self, $name) = @_;
	my ($type, $node);

	# A constant belongs to no table.
	for (1 .. 20)
	{
		my $how = int rand 10;
		my $time = $how == 9 ? $self->time_part : undef;

		($type, $node) = $time ? ('numeric', $time)
		  : $how < 5 ? ($self->{float} ? 'double precision' : 'numeric', $self->number(2))
		  : $how < 7 ? ('text', $self->text(2)) : ('boolean', $self->condition(2));
		last if $node->[1] =~ /\[/;
	}

	return { name => $name, type => $type, expression => "$node->[1]", sql => $node->[2],
		table => $self->{table} };
}

1;
