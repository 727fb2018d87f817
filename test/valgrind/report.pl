#!/usr/bin/perl
# Read memcheck's XML files: print the errors whose stack has a frame of
# prismiq's library, count the others, and end with "N passed, N failed".

use strict;
use warnings;

my ($backends, $ours, $others) = (0, 0, 0);
my %seen;

for my $name (@ARGV)
{
	open my $file, '<', $name or die "$name: $!";
	local $/ = undef;
	my $text = <$file>;
	close $file;

	# A backend that has loaded the library, and not the postmaster.
	$backends++ if $text =~ /<valgrindoutput>/;
	while ($text =~ m{<error>(.*?)</error>}gs)
	{
		my $error = $1;
		my ($stack) = $error =~ m{<stack>(.*?)</stack>}s or next;
		my ($what) = $error =~ m{<(?:text|what)>(.*?)</(?:text|what)>}s;
		my @frames;
		$what =~ s/ in loss record .*// if defined $what;
		my $is_ours = $stack =~ m{<obj>[^<]*/prismiq\.so</obj>};

		while ($stack =~ m{<frame>(.*?)</frame>}gs)
		{
			my $frame = $1;
			my ($function) = $frame =~ m{<fn>(.*?)</fn>};
			my ($source) = $frame =~ m{<file>(.*?)</file>};
			my ($line) = $frame =~ m{<line>(.*?)</line>};

			push @frames, ($function // '?') . ($source ? " ($source:$line)" : '');
		}
		my $key = join '|', $what // '?', @frames[ 0 .. ($#frames < 5 ? $#frames : 5) ];

		next if $seen{$key}++;
		$is_ours ? $ours++ : $others++;
		next if !$is_ours && !$ENV{VERBOSE};
		print $what // 'error', "\n", map { "    $_\n" } @frames;
	}
}

die "memcheck has written nothing\n" if !$backends;
print "$backends processes looked at; $others errors without a frame of ours",
  ($ENV{VERBOSE} || !$others ? '' : ' (VERBOSE=1 shows them)'), "\n";
print $ours ? 0 : 1, " passed, $ours failed\n";
exit($ours ? 1 : 0);
