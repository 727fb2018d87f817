package Same;

# Are two answers the same? Rows are the texts of JSON arrays.

use strict;
use warnings;

use Exporter qw(import);

our @EXPORT_OK = qw(cells same_cell same_rows);

# The cells of a row that is a JSON array, each as its text.
sub cells
{
	my ($row) = @_;
	my @cells;
	my $string = qr/"(?:[^"\\]|\\.)*"/s;

	$row =~ s/^\[//;
	while ($row =~ /\G\s*($string|[^",\[\]{}\s]+|(\[(?:[^\[\]"]|$string|(?2))*\])
		|(\{(?:[^{}"]|$string|(?3))*\}))\s*[,\]]/gsx)
	{
		push @cells, $1;
	}
	return @cells;
}

# Are two cells the same value? Digits after the point may be fewer; floats may
# have been added up in another order.
sub same_cell
{
	my ($one, $two, $type) = @_;

	return 1 if $one eq $two;
	return 0 if $one !~ /^-?\d/ || $two !~ /^-?\d/;
	if ($type =~ /^(?:double precision|real)$/)
	{
		my $size = abs($one) + abs($two);

		return abs($one - $two) <= ($type eq 'real' ? 1e-5 : 1e-9) * ($size > 1 ? $size : 1);
	}
	for ($one, $two)
	{
		s/0+$//, s/\.$// if /\./;
	}
	return $one eq $two;
}

sub same_row
{
	my ($one, $two, $types) = @_;
	my @one = cells($one);
	my @two = cells($two);

	return @one == @two && !grep { !same_cell($one[$_], $two[$_], $types->[$_]) } 0 .. $#one;
}

# Are rows the same, as a list or as a set?
sub same_rows
{
	my ($one, $two, $types, $ordered) = @_;
	my @rest = @$two;

	return 0 if @$one != @$two;
	if ($ordered)
	{
		return !grep { !same_row($one->[$_], $rest[$_], $types) } 0 .. $#rest;
	}
	for my $row (@$one)
	{
		my ($at) = grep { same_row($row, $rest[$_], $types) } 0 .. $#rest;

		return 0 if !defined $at;
		splice @rest, $at, 1;
	}
	return 1;
}

1;
