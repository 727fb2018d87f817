#!/usr/bin/perl
# Assertions that asserted nothing: from the log of a psql session (psql -L),
# the statements that call assertions and gave not one line of TAP, because
# what they are called FROM had no rows. Such a test passes whatever is wrong.
# Complains on stderr and fails when there are any.
#
# Where a set may rightly be empty (on another version of the server, say), the
# statement says so in a comment: /* may be none */

use strict;
use warnings;

my ($name) = @ARGV;
open my $file, '<', $name or die "$name: $!";
local $/ = undef;
my $log = <$file>;
close $file;

# pgTAP's, as far as they make a line each.
my @assertions = qw(
	ok is isnt pass fail matches imatches doesnt_match doesnt_imatch alike ialike unalike unialike
	cmp_ok isa_ok throws_ok throws_like throws_ilike throws_matching throws_imatching lives_ok
	performs_ok performs_within results_eq results_ne set_eq set_ne set_has set_hasnt bag_eq bag_ne
	bag_has bag_hasnt is_empty isnt_empty row_eq has_table hasnt_table has_column hasnt_column
	has_function hasnt_function has_index has_trigger has_extension col_is_pk
);

# psql ends each statement in the log with a line of stars (from version 17 on a
# comment), and its output follows.
my @parts = split m{^/?\*+ QUERY \*+/?\n(.*?)^/?\*{20,}/?\n}ms, $log;
my @silent;

shift @parts;
die "no statement is found in psql's log\n" if !@parts;
while (my ($statement, $output) = splice @parts, 0, 2)
{
	my $bare = $statement;

	# What is in strings is not called; comments stay, for what they say.
	$bare =~ s/\$(\w*)\$.*?\$\1\$/''/gs;
	$bare =~ s/'(?:[^']|'')*'/''/gs;
	$bare =~ s/^\s*--.*\n//mg;

	# Helpers that call assertions are assertions too.
	my $call = '(?:\w+\.)?(?:' . join('|', @assertions) . ')\s*\(';

	if ($statement =~ /^\s*CREATE\s+(?:OR\s+REPLACE\s+)?FUNCTION\s+(?:\w+\.)?(\w+)\s*\(/i)
	{
		my $helper = $1;

		push @assertions, $helper
		  if $statement =~ /RETURN\s+NEXT\s+$call/i
		  or $statement =~ /RETURNS\s+SETOF\s+text\b.*\bSELECT\s+$call/is;
		next;
	}
	next if $bare !~ /^\s*(?:SELECT|WITH|VALUES|EXECUTE)\b/i;
	next if $bare !~ /(?<![\w.])$call/i;
	next if ($output // '') =~ /(?:^|\|)\s*(?:not )?ok \d+/m;
	next if $statement =~ m{/\* may be none \*/};
	push @silent, $statement;
}

for my $statement (@silent)
{
	$statement =~ s/^/#   /mg;
	print STDERR "# An assertion over no rows asserts nothing:\n$statement";
}
exit(@silent ? 1 : 0);
