package Session;

# psql as a partner in a conversation: statements go in, lines come out.

use strict;
use warnings;

use IPC::Open2 qw(open2);

my $END = "\x01 that was all";

sub new
{
	my ($class, $database) = @_;
	my $self = bless {}, $class;

	$self->{pid} = open2($self->{out}, $self->{in}, 'sh', '-c', 'exec psql -XqAt -d "$0" 2>&1',
		$database);
	binmode $_, ':encoding(UTF-8)' for $self->{in}, $self->{out};
	return $self;
}

# Run statements; their lines.
sub run
{
	my ($self, @statements) = @_;
	my $in = $self->{in};
	my $out = $self->{out};
	my @lines;

	print {$in} map { "$_\n" } @statements, "\\echo '$END'";
	$in->flush;
	while (my $line = <$out>)
	{
		chomp $line;
		return @lines if $line eq $END;
		push @lines, $line;
	}
	die "psql has gone, after: @lines\n";
}

1;
