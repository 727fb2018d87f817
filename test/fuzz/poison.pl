#!/usr/bin/perl
# Nothing of another tenant's rows shows, as TAP: definitions with what can raise
# are asked of two copies of a world (Poison) that differ in other tenants' rows
# alone. Answer or error must be the same.
#
#   test/fuzz/poison.pl DATABASE random    CASES=1000 SEED=1 [ONLY=n] [EACH=40] [KIND=foreign]
#   test/fuzz/poison.pl DATABASE places    SEED=1 [ALL=1] [ONLY=n] [KIND=foreign]
#
# "random" asks random definitions (Probe); "places" one for each place of the language (Places)
# over each kind of relation, and with ALL each with every field and under all settings.
#
# The database has prismiq, the test data and poison.sql. ONLY asks one case, and leaves its
# world in the database.

use strict;
use warnings;
use feature qw(state);

use File::Basename qw(dirname);
use IO::Handle;
use JSON::PP ();
use lib dirname(__FILE__);
use Places;
use Poison;
use Probe;
use Relations;
use Same qw(same_rows);
use Session;
use World;

binmode $_, ':encoding(UTF-8)' for *STDOUT, *STDERR;
my $count = $ENV{CASES} // 1000;
my $seed = $ENV{SEED} // 1;
my $each = $ENV{EACH} // 40;
my $json = JSON::PP->new->canonical->allow_nonref;
my $session = Session->new($ARGV[0]);
my ($version) = map { int($_ / 10000) } $session->run('SHOW server_version_num;');
my (%done, %refused, %leaks, @wrong);

# One is in force while a case is asked.
my @PARALLEL = map { "$_=0" } qw(min_parallel_table_scan_size min_parallel_index_scan_size
  parallel_setup_cost parallel_tuple_cost);
my @SETTINGS = (
	[],
	[],
	(   map { ["enable_$_=off"] }
		  qw(seqscan indexscan indexonlyscan bitmapscan hashjoin mergejoin nestloop
		  hashagg sort material memoize incremental_sort partition_pruning gathermerge tidscan)),
	[ 'enable_partitionwise_join=on', 'enable_partitionwise_aggregate=on' ],
	['plan_cache_mode=force_generic_plan'],
	['plan_cache_mode=force_generic_plan'],
	['plan_cache_mode=force_custom_plan'],
	[ 'from_collapse_limit=1', 'join_collapse_limit=1' ],
	['geqo_threshold=2'],
	[ @PARALLEL, 'max_parallel_workers_per_gather=2' ],
	[ @PARALLEL, 'max_parallel_workers_per_gather=2' ],
	[ @PARALLEL, 'enable_hashjoin=off', 'enable_mergejoin=off', 'enable_material=off' ],
	[ @PARALLEL, ($version < 16 ? 'force_parallel_mode' : 'debug_parallel_query') . '=on' ],
	[ 'enable_hashjoin=off', 'enable_mergejoin=off', 'enable_material=off' ],
	[ @PARALLEL, 'enable_hashjoin=off', 'enable_mergejoin=off' ],
	[ 'enable_seqscan=off', 'enable_bitmapscan=off' ],
	['constraint_exclusion=on'],
	[ 'cpu_operator_cost=1', 'random_page_cost=0.1' ]);

sub literal { my ($text) = @_; return World::quoted($text); }

sub complain
{
	my ($number, $world, $question, $settings, $what) = @_;

	push @wrong, $number;
	print STDERR "# case $number: $what\n#   "
	  . $json->encode($question->{def})
	  . "\n#   options "
	  . $json->encode($question->{options})
	  . ", session $question->{session_zone}, @$settings\n#   over "
	  . $world->described . "\n";
	return;
}

# Are two outcomes the same, but for the last digits of what is calculated?
sub same_outcome
{
	my ($one, $two, $ordered) = @_;

	return 1 if $json->encode($one) eq $json->encode($two);
	return 0 if !$one->{answer} || !$two->{answer};
	for my $row (map { @{ $_->{answer}{rows} // [] } } $one, $two)
	{
		# A line of CSV is one cell.
		$row->[0] =~ s/(-?\d+\.\d{9,}(?:e[-+]\d+)?)/sprintf '%.10g', $1/ge
		  if ref $row && @$row == 1 && defined $row->[0] && !ref $row->[0];
	}
	my @rest = map { my %rest = %{ $_->{answer} }; delete $rest{rows}; $json->encode(\%rest) } $one,
	  $two;
	my @types = ('double precision') x 100;

	return $rest[0] eq $rest[1]
	  && same_rows(
		(   map {
				[ map { $json->encode($_) } @{ $_->{answer}{rows} // [] } ]
			} $one,
			$two),
		\@types,
		$ordered);
}

# One case.
sub ask
{
	my ($number, $world, $question, $settings) = @_;
	my $explain = World::chance(0.3);
	my @calls = World::pick(('prismiq_query') x 4, 'prismiq_query_rows', 'prismiq_query_csv');

	push @calls, 'dashboard' if $question->{widget} && World::chance(0.3);
	my %options = %{ $question->{options} };

	# A cost that nothing has: what is refused goes by a plan of its own.
	my @settings = (@$settings, World::chance(0.3) ? 'prismiq.max_cost=1e300' : ());
	my @lines = $session->run(
		'BEGIN;',
		'SET LOCAL TIME ZONE ' . literal($question->{session_zone}) . ';',
		'SET LOCAL ROLE ' . ($explain ? 'poison_admin' : 'app_user') . ';',
		'SET LOCAL prismiq.tenant_id = ' . literal($world->tenant) . ';',
		q{SET LOCAL prismiq.user_id = 'u';},
		sprintf(
			'SELECT json_build_array(call, a, b) FROM poison.ask(%s, %s, ARRAY[%s]::text[], %s);',
			literal($json->encode($question->{def})),
			literal($json->encode(\%options)),
			join(', ', map { literal($_) } @settings),
			literal('{' . join(',', $explain ? 'prismiq_explain' : (), @calls) . '}')),
		'COMMIT;');

	for my $line (@lines)
	{
		if ($line !~ /^\[/)
		{
			complain($number, $world, $question, \@settings, "psql says: @lines");
			return;
		}
		my ($call, $one, $two) = @{ $json->decode($line) };

		# The planner's estimates know all rows; only an admin gets them.
		delete $_->{answer}{total_count}
		  for grep { $explain && $_->{answer} && ($options{count} // '') eq 'estimated' } $one,
		  $two;
		$done{asked}++;
		$done{answered}++ if $one->{answer};
		$refused{$1}++
		  if ($one->{error} // '') =~ /"code": "(\w+)"/ || ($one->{error} // '') =~ /^(\w+)/;
		complain($number, $world, $question, \@settings, "is no definition: $one->{error}")
		  if $question->{valid} && ($one->{error} // '') =~ /"code"/;
		complain($number, $world, $question, \@settings, "internal error: $one->{error}")
		  if ($one->{error} // '') =~ /^XX/;
		next if same_outcome($one, $two, $question->{ordered});
		$leaks{$call}++;
		complain($number, $world, $question, \@settings,
				"$call\n#   of the one  "
			  . substr($json->encode($one), 0, 700)
			  . "\n#   of the other "
			  . substr($json->encode($two), 0, 700));
	}
	return;
}

# Does the poison work? The tenant whose rows it is, is told.
sub taste
{
	my ($world, $question) = @_;
	my $other = $world->{class}{names}[1];
	my @lines = $session->run(
		'BEGIN;',
		'SET LOCAL ROLE app_user;',
		'SET LOCAL prismiq.tenant_id = ' . literal($other) . ';',
		sprintf(
			'SELECT json_build_array(call, a, b) FROM poison.ask(%s, %s, %s, %s);',
			literal($json->encode($question->{def})),
			literal($json->encode($question->{options})),
			"'{}'",
			"'{prismiq_query}'"),
		'COMMIT;');

	my (undef, $one, $two) = @{ $json->decode($lines[0]) };

	return if !$one->{answer};
	$done{tasted}++;
	$done{poisonous}++ if ($two->{error} // '') =~ /^22023/;
	return;
}

# Make a world of some kind of relations, or of all kinds; false when it cannot be.
sub make_world
{
	my ($number, $kind, $type) = @_;

	srand($seed * 1000 + $number);
	my $world = Poison->new(
		$number,
		version => $version,
		kind => $kind,
		tenant_type => $type,
		servers => [qw(poison_far poison_asked)]);
	my @lines = $session->run($world->statements);

	return $world if !@lines;
	push @wrong, "world $number";
	print STDERR "# world $number: ", join("\n#   ", @lines), "\n";
	return;
}

# Are the tenant's rows there, and no others? Are samples of columns the same?
sub look_at_rows
{
	my ($world) = @_;
	my @lines = $session->run(
		'BEGIN;',
		'SET LOCAL ROLE app_user;',
		'SET LOCAL prismiq.tenant_id = ' . literal($world->tenant) . ';',
		map({       'SELECT seen, own FROM poison.numbers('
				  . literal($_)
				  . ') WHERE seen IS DISTINCT FROM own;' } @World::ORDER),
		'SELECT poison.samples();',
		'COMMIT;');

	return if !grep { $_ ne '' } @lines;
	push @wrong, 'rows';
	print STDERR '# rows that are not the tenant\'s: ', $world->described, "\n#   @lines\n";
	return;
}

# Random definitions, some in each world.
sub random
{
	for my $case (1 .. $count)
	{
		state $world;
		my $number = int(($case - 1) / $each);

		next if $ENV{ONLY} && int(($ENV{ONLY} - 1) / $each) != $number;
		$world = make_world($number, $ENV{KIND}) if $ENV{ONLY} ? !$world : ($case - 1) % $each == 0;
		next if !$world || ($ENV{ONLY} && $ENV{ONLY} != $case);
		srand($seed * 1000000 + $case);
		my $question = Probe->new($world);

		ask($case, $world, $question, World::pick(@SETTINGS));
		taste($world, $question) if $case % 4 == 0;
	}
	return "poison of $count random definitions";
}

# Every place over every kind of relation.
sub places
{
	my %seen;
	my $case = 0;
	my $number = 0;
	my @kinds = map { [$_] } grep { !$seen{$_}++ } @Relations::KINDS;

	# A type of our own is one that the other server is not asked by.
	for (@kinds, map { [ $_, 'poison.tenant_enum' ] } qw(foreign foreign_leaf))
	{
		my ($kind, $type) = @$_;

		next if $ENV{KIND} && $ENV{KIND} ne $kind;
		my $world = make_world($number++, $kind, $type) or next;

		look_at_rows($world);
		for my $place (Places::all($ENV{ALL}))
		{
			my ($name, $def, $options) = @$place;
			my $question = {
				def => $def,
				options => $options // {},
				session_zone => 'UTC',
				valid => 1,
				widget => !$options,
				ordered => !!$def->{order_by} };

			for my $settings (
				  $ENV{ALL}
				? @SETTINGS
				: (World::pick(@SETTINGS), $name =~ /order|sort/ ? \@PARALLEL : ()))
			{
				next if $ENV{ONLY} && $ENV{ONLY} != ++$case;
				$case++ if !$ENV{ONLY};
				ask("$case, $name, $kind", $world, $question, $settings);
			}
			taste($world, $question) if $kind eq 'plain';
		}
	}
	$count = $case;
	return 'poison in every place, over every kind of relation';
}

# A way of joining that is off costs so much that the plan would be compiled.
$session->run(
	'SET client_min_messages = error;',
	'SET search_path = prismiq, public;',
	'SET jit = off;');
my $what = ($ARGV[1] // '') eq 'places' ? places() : random();

STDERR->flush;

print "# seed $seed: $count cases, ",
  join(', ', map { "$_ " . ($done{$_} // 0) } qw(asked answered tasted poisonous)), "\n";
print "# refused: ", join(', ', map { "$refused{$_} $_" } sort keys %refused), "\n" if %refused;
print "# leaks: ", join(', ', map { "$_ $leaks{$_}" } sort keys %leaks), "\n" if %leaks;
print "# wrong: ", join('; ', @wrong), "\n" if @wrong;
print @wrong ? 'not ok' : 'ok', " 1 - $what (seed $seed)\n1..1\n";
exit(@wrong ? 1 : 0);
