package Raising;

# Calculated fields that raise on the poison of other tenants' rows (Poison) and
# never on one's own: an Expression with such parts at its leaves.

use strict;
use warnings;

use Condition;
use Expression;
use Poison;
use World;

our @ISA = ('Expression');

*chance = \&World::chance;
*pick = \&World::pick;

# What raises in a number made of a column of a type; @ is the column.
my %NUMBER = (
	integer => [
		'ln(@)',
		'sqrt(@)',
		'log(@)',
		'power(@, 0.5)',
		'log(2, @)',
		'exp(@)',
		q{length(split_part('a,b,c', ',', @))},
		q{length(substring('abcdef', 1, @))},
		'day(date(2024, 1, @))',
		'hour(date(2024, 1, 1, @, 0, 0))',
		q{day(date_add(date(2024, 1, 1), @, 'month'))} ],
	numeric => [ 'ln(@)', 'sqrt(@)', 'log(@)', 'power(@, 0.5)' ],
	float => [ 'ln(@)', 'sqrt(@)', 'exp(@)', '@ * @' ],
	bigint => [ '@ + 9000000000000000000', 'sqrt(@)' ],
	number => [ 'number(@)', 'ln(number(@))' ],
	day => [ 'day(to_date(@))', q{year(to_date(@, 'YYYY-MM-DD'))} ],
	text => [
		q{if(@ like concat('POI', '\\\\'), 1, 2)},
		q{length(replace(@, 'x', text(@ like concat('PO', '\\\\'))))} ],
	time => [
		q{day(date_add(@, 1, 'day'))},
		q{year(date_add(@, -1, 'month'))},
		q{datediff(date_add(@, 2, 'day'), date(2024, 1, 1), 'hour')} ],
	interval => ['if(@ * 1000 > @, 1, 2)']);
my %TRUTH = (
	text => [
		q{@ like concat('POI', '\\\\')},
		q{not @ like concat('P', '\\\\')},
		q{@ like concat('%OI', '\\\\')} ],
	number => ['number(@) > 2'],
	day => [q{to_date(@) > date(2024, 3, 15)}],
	integer => [ q{split_part('a,b,c', ',', @) = 'b'}, q{date(2024, 1, @) > date(2024, 1, 5)} ],
	time => [q{date_add(@, 1, 'day') > date(2024, 3, 15)}],
	interval => ['@ * 1000 > @ * 900']);
my %TEXT = (
	text => [q{split_part(@, 'x', if(@ like concat('POI', '\\\\'), 1, 2))}],
	number => ['text(number(@))'],
	day => ['text(to_date(@))'],
	integer => [ q{split_part('a,b,c', ',', @)}, q{substring('abcdef', 1, @)} ],
	time => [q{text(date_add(@, 1, 'day'))}]);

# What a column is to these tables.
sub kinds
{
	my ($self, $name, $type) = @_;

	return 'text', $Poison::DAYS{$name} ? 'day' : 'number'
	  if $type =~ /^(?:text|varchar)$/ && !$self->{table}{derived};
	return 'integer' if $type =~ /^(?:integer|smallint)$/;
	return 'numeric' if $type =~ /^(?:numeric|PRICE)$/;
	return 'float' if $type =~ /^(?:real|double precision)$/;
	return 'time' if Condition::is_time($type);
	return $type;
}

# Something that raises, as a node; or nothing. Without "any", numbers are all
# exact or all floating.
sub raising
{
	my ($self, $of, $any) = @_;
	my @found;

	for my $column ($self->{question}->columns_of($self->{table}))
	{
		next if $column->[0] =~ /^(?:rid|.*id|line|referred_by)$/;
		for my $kind ($self->kinds(@$column))
		{
			next if !$any && ($kind eq 'float') != !!$self->{float} && $of == \%NUMBER;
			push @found, map { [ $column->[0], $_ ] } @{ $of->{$kind} // [] };
		}
	}
	return if !@found;
	my ($name, $text) = @{ pick(@found) };
	my $id = $self->{table}{id};

	s/\]/]]/g for $id, $name;
	$text =~ s/@/[$id.$name]/g;

	# SQL is for an oracle, which is not asked.
	return [ Expression::OR, $text, 'NULL' ];
}

# The same in parentheses.
sub part { my ($node) = @_; return [ Expression::ATOM, "($node->[1])", 'NULL' ]; }

sub number_leaf
{
	my ($self) = @_;
	my $node = chance(0.6) ? $self->raising(\%NUMBER) : undef;

	return $node ? part($node) : $self->SUPER::number_leaf;
}

sub text
{
	my ($self, $depth) = @_;
	my $node = chance(0.4) ? $self->raising(\%TEXT) : undef;

	return $node ? part($node) : $self->SUPER::text($depth);
}

sub condition
{
	my ($self, $depth) = @_;
	my $node = chance(0.5) ? $self->raising(\%TRUTH) : undef;

	return $node ? part($node) : $self->SUPER::condition($depth);
}

# A field: half of them are one raising operator or call and nothing else.
sub field
{
	my ($self, $name) = @_;

	return $self->SUPER::field($name) if chance(0.4);
	my ($of, $type) = @{
		pick(
			[ \%NUMBER, 'numeric' ],
			[ \%TRUTH, 'boolean' ],
			[ \%TRUTH, 'boolean' ],
			[ \%TEXT, 'text' ]) };
	my $node = $self->raising($of);

	return $self->SUPER::field($name) if !$node;
	$type = 'double precision' if $type eq 'numeric' && $self->{float};
	return {
		name => $name,
		type => $type,
		expression => $node->[1],
		sql => 'NULL',
		table => $self->{table} };
}

# An expression that has a column's own value, and raises before.
sub guarded
{
	my ($self, $column) = @_;
	my $node = $self->raising(\%TRUTH) // $self->raising(\%NUMBER, 1);
	my $own = "[" . join('.', map { s/\]/]]/gr } $self->{table}{id}, $column) . ']';

	return if !$node;
	return "if($node->[1] is null, $own, $own)" if chance(0.5);
	return "case when ($node->[1]) is not null then $own else $own end";
}

1;
