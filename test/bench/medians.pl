#!/usr/bin/perl
# The median latencies, in milliseconds, of each script in logs of pgbench, in
# the order of the scripts.

use strict;
use warnings;

my @times;

while (<>)
{
	my (undef, undef, $time, $script) = split;

	push @{ $times[$script] }, $time / 1000;
}
print join(' ', map { my @t = sort { $a <=> $b } @{ $_ // [0] }; $t[@t / 2] } @times), "\n";
