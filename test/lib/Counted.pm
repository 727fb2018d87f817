package Counted;

# What prove and pg_prove print, and the numbers for a script: with
# --formatter Counted they append "PASSED FAILED" to the file $COUNTED_FILE.
# A test file that ends badly without a failed assertion (a wrong plan, a bad
# exit status) counts as one failure.

use strict;
use warnings;

use TAP::Formatter::Console;
use TAP::Formatter::File;

# As prove chooses: progress is for terminals.
our @ISA = (-t STDOUT ? 'TAP::Formatter::Console' : 'TAP::Formatter::File');

sub summary
{
	my ($self, $aggregate, $interrupted) = @_;
	my ($passed, $failed) = (scalar $aggregate->passed, scalar $aggregate->failed);

	for my $parser ($aggregate->parsers)
	{
		$failed++ if !$parser->failed && ($parser->has_problems || $parser->parse_errors);
	}
	$failed++ if $interrupted;
	open my $file, '>>', $ENV{COUNTED_FILE} or die "$ENV{COUNTED_FILE}: $!";
	print {$file} "$passed $failed\n";
	close $file or die "$ENV{COUNTED_FILE}: $!";
	return $self->SUPER::summary($aggregate, $interrupted);
}

1;
