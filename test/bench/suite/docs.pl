#!/usr/bin/perl
# The definitions in the documents' blocks (see test/t/docs.sh), a line each:
# place, tab, the key that the block is the value of (or nothing), tab, JSON.

use strict;
use warnings;

my ($kind, $place, $text);

while (<>)
{
	if (!defined $kind && /^```(.*)/)
	{
		($kind, $text) = ($1, '');
		$place = ($ARGV =~ s{.*/}{}r) . ", line $.";
	}
	elsif (defined $kind && /^```/)
	{
		if ($kind =~ /^json(?: ([a-z_]+))?$/ && ($1 // '') ne 'answer')
		{
			my $key = $1 // '';

			print join("\t", $place, $key, $text =~ s/\s+/ /gr), "\n";
		}
		undef $kind;
	}
	elsif (defined $kind)
	{
		$text .= $_;
	}
	close ARGV if eof;    # lines are counted by document
}
