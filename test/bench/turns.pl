#!/usr/bin/perl
# Times statements that take turns on one connection; the order is turned about in every round.
#
#   turns.pl DATABASE SECONDS NAME=FILE...
#
# A file holds statements, a semicolon at the end of a line between them; each is prepared, but in a
# file whose name ends in .raw (COPY cannot be). A line "-- role NAME" says who asks. After two rounds
# to warm up come at least seven, and as many as the seconds allow, 301 at most. Prints for each name
# the median in ms, of all its statements together, as psql tells it: until the last byte of the
# answer has come, before anything is made of it.

use strict;
use warnings;
use IPC::Open2;

my ($database, $seconds, @given) = @ARGV;
my $warm = 2;
my $least = 7;
my $most = 301;
my $roles = 0;						# does anybody name one?
my @turns = map { { name => $_->[0], file => $_->[1], times => [] } } map { [ split /=/, $_, 2 ] }
  @given;

my $pid = open2(my $out, my $in, 'psql', '-XAqt', '-v', 'ON_ERROR_STOP=1', '-d', $database);
my $old = select $in;
$| = 1;
select $old;

# What psql prints until a mark, which is asked for after what is sent.
sub ask
{
	my ($sql) = @_;
	my $said = '';

	print $in "$sql\n\\o\n\\echo -- mark\n\\o /dev/null\n" or die "psql is gone\n";
	while (my $line = <$out>)
	{
		return $said if $line eq "-- mark\n";
		$said .= $line;
	}
	die "psql ended: a statement failed\n";
}

sub slurp
{
	my ($file) = @_;

	open(my $fh, '<', $file) or die "$file: $!\n";
	local $/;
	return <$fh> =~ s/[\s;]+\z//r;
}

# Run one and return its time in ms.
sub turn
{
	my ($turn) = @_;
	my $sum = 0;

	ask($turn->{role}) if $roles;
	my $said = ask($turn->{sql});
	my @times = $said =~ /^Time: ([0-9.]+) ms/mg;
	die "no time in: $said\n" unless @times;
	$sum += $_ foreach @times;
	return $sum;
}

sub median
{
	my @sorted = sort { $a <=> $b } @_;

	return @sorted % 2 ? $sorted[ $#sorted / 2 ]
	  : ($sorted[ @sorted / 2 - 1 ] + $sorted[ @sorted / 2 ]) / 2;
}

print $in "\\o /dev/null\n";
my $number = 0;
foreach my $turn (@turns)
{
	my $sql = slurp($turn->{file});

	$turn->{role} = $sql =~ /^-- role (\w+)$/m ? "SET ROLE $1;" : 'RESET ROLE;';
	$roles ||= $sql =~ /^-- role /m;
	$turn->{sql} = "$sql;";
	next if $turn->{file} =~ /\.raw\z/;
	$turn->{sql} = '';
	ask($turn->{role});
	foreach my $statement (split /;\n/, $sql)
	{
		$number++;
		ask("PREPARE turn_$number AS\n$statement;");
		$turn->{sql} .= "EXECUTE turn_$number;\n";
	}
}
ask('\timing on');
my $round = 0;
for (1 .. $warm)
{
	$round = 0;
	$round += turn($_) foreach @turns;
}
my $rounds = int($seconds * 1000 / ($round || 1));
$rounds = $least if $rounds < $least;
$rounds = $most if $rounds > $most;
for my $n (1 .. $rounds)
{
	push @{ $_->{times} }, turn($_) foreach $n % 2 ? @turns : reverse @turns;
}
print $in "\\q\n";
waitpid $pid, 0;
printf "%s %.3f\n", $_->{name}, median(@{ $_->{times} }) foreach @turns;
