#!/usr/bin/perl
# Out of logs of pgbench: how many transactions, and the latencies in milliseconds below which half
# of them, 95 and 99 of a hundred stayed.
#
#   percentiles.pl LOG...

use strict;
use warnings;

my @times;

while (<>)
{
	my (undef, undef, $time) = split;

	push @times, $time / 1000;
}
die "no transactions\n" unless @times;
@times = sort { $a <=> $b } @times;
print join(' ', scalar @times, map { $times[ $#times * $_ ] } 0.5, 0.95, 0.99), "\n";
