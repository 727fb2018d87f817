#!/usr/bin/perl
# Properties of random valid definitions, as TAP.
#
#   test/fuzz/properties.pl DATABASE      DEFINITIONS=1500 SEED=1 [ONLY=n]
#
# The database has prismiq and the test data. Everything happens in one
# transaction a world, so that "today" stands still, and is rolled back.

use strict;
use warnings;

use File::Basename qw(dirname);
use JSON::PP ();
use lib dirname(__FILE__);
use Question;
use Same qw(cells same_cell same_rows);
use Session;
use World;

binmode $_, ':encoding(UTF-8)' for *STDOUT, *STDERR;
my $count = $ENV{DEFINITIONS} // 1500;
my $seed = $ENV{SEED} // 1;
my $each = $ENV{EACH} // 100;
my $json = JSON::PP->new->canonical->allow_nonref;
my $session = Session->new($ARGV[0]);
my (%done, %refused, %asked, %held, @wrong);
my $lost;						# the transaction has failed

# ---- Comparing ------------------------------------------------------------------

# RFC 4180: records of fields; undef for an empty field without quotes.
sub parse_csv
{
	my ($text) = @_;
	my @records = ([]);

	while ($text =~ /\G(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gc)
	{
		my ($quoted, $plain, $end) = ($1, $2, $3);

		$quoted =~ s/""/"/g if defined $quoted;
		push @{ $records[-1] }, $quoted // (length $plain ? $plain : undef);
		push @records, [] if $end eq "\r\n";
	}
	return if (pos($text) // 0) != length $text || @{ pop @records };
	return @records;
}

# What a field of CSV is, of the JSON cell.
sub csv_cell
{
	my ($cell, $type) = @_;

	return undef if $cell eq 'null';
	return $json->decode($cell) if $cell =~ /^"/ && $type !~ /^json/;
	return $cell;
}

sub csv_complaint
{
	my ($answer, $key) = @_;

	return if !@{ $answer->{columns} };		# nothing but the end of a line
	my ($names, @records) = parse_csv($answer->{$key});
	my @types = @{ $answer->{types} };
	my @wanted;

	for my $row (@{ $answer->{rows} })
	{
		my @cells = cells($row);

		push @wanted, [ map { csv_cell($cells[$_], $types[$_]) } 0 .. $#cells ];
	}
	return "$key does not parse" if !$names;
	return "$key has " . @records . ' records' if @records != @wanted;
	return "$key has " . @$names . ' names' if @$names != @{ $answer->{columns} };
	for my $r (0 .. $#records)
	{
		return "$key has " . @{ $records[$r] } . " fields in record $r"
		  if @{ $records[$r] } != @$names;
		for my $c (0 .. $#$names)
		{
			my ($got, $want) = ($records[$r][$c], $wanted[$r][$c]);

			# Arrays and documents are JSON; white space in it means nothing.
			if (defined $want && $want =~ /^[\[{]/ && defined $got && $types[$c] ne 'text')
			{
				$_ = $json->encode($json->decode($_)) for $got, $want;
			}
			next if !defined $got && !defined $want;
			next if defined $got && defined $want && same_cell($got, $want, $types[$c]);
			next if defined $got && defined $want && $key eq 'guarded' && $got eq "'$want"
			  && $want =~ /^[=+\-@\t\r\n]/;
			return "$key has " . ($got // 'null') . ' for ' . ($want // 'null');
		}
	}
	return;
}

# ---- Asking ------------------------------------------------------------------------

sub literal { my ($text) = @_; return defined $text ? World::quoted($text) : 'NULL'; }

sub complain
{
	my ($number, $question, $what) = @_;

	push @wrong, $number;
	print STDERR "# definition $number: $what\n#   "
	  . $json->encode($question->{def}) . "\n#   options "
	  . $json->encode($question->{options}) . ", session $question->{session_zone}\n";
	if ($ENV{VERBOSE} && $question->oracle)
	{
		print STDERR $question->oracle, "\n";
	}
	return;
}

# Refusals that a valid definition may meet.
my %MAY = map { $_ => 1 } qw(FAN_OUT PIVOT_TOO_WIDE);

sub ask
{
	my ($number, $question) = @_;
	my $oracle = $question->oracle;
	my @lines = $session->run(
		'SET LOCAL TIME ZONE ' . literal($question->{session_zone}) . ';',
		sprintf 'SELECT fuzz.ask(%d, %s, %s, %s, %s, %s);', $number,
		literal($json->encode($question->{def})), literal($json->encode($question->{options})),
		literal($question->{zone}), $question->{ordered} ? 'true' : 'false', literal($oracle));

	if (@lines != 1 || $lines[0] !~ /^\{/)
	{
		complain($number, $question, "psql says: @lines");
		$lost = 1;
		return;
	}
	my $answer = $json->decode($lines[0]);

	if (my $error = $answer->{error})
	{
		$refused{ $error->{code} // $error->{state} }++;
		return if $error->{code} && $MAY{ $error->{code} };
		return complain($number, $question, "$error->{state} $error->{message}");
	}
	# What is calculated may have other last digits.
	$answer->{types} = [ map { /^(?:numeric|bigint|integer)$/ ? 'double precision' : $_ }
		  @{ $answer->{types} } ]
	  if $question->{def}{calculated_fields} && $answer->{types};
	$done{answered}++;
	$asked{$_}++ for keys %{ $question->{def} };
	if ($oracle)
	{
		$held{$_}++ for keys %{ $question->{def} };
	}
	$done{rows} += @{ $answer->{rows} // [] };
	complain($number, $question, $_) for @{ $answer->{complaints} };
	return if @{ $answer->{complaints} };
	for my $key (qw(csv guarded))
	{
		my $complaint = csv_complaint($answer, $key);

		complain($number, $question, $complaint) if $complaint;
	}
	$done{oracle}++ if $oracle;
	complain($number, $question, "answered\n#   @{$answer->{rows}}\n# and the oracle says\n#   "
		  . "@{$answer->{oracle}}")
	  if $answer->{oracle}
	  && !same_rows($answer->{rows}, $answer->{oracle}, $answer->{types}, $question->{ordered});
	return;
}

# What must hold between this question and others made of it.
sub relate
{
	my ($number, $question) = @_;
	my ($wide, $narrow, $dimensions) = $question->with_filter;
	my ($series, $total) = $question->with_total;
	my $options = { timezone => $question->{zone}, params => $question->{options}{params} // {} };
	my @lines;

	if ($wide)
	{
		$done{narrowed}++;
		push @lines, $session->run(sprintf 'SELECT fuzz.more_groups(%s, %s, %s, %d);',
			(map { literal($json->encode($_)) } $wide, $narrow, $options), $dimensions);
	}
	if ($series)
	{
		$done{summed}++;
		push @lines, $session->run(sprintf 'SELECT fuzz.not_the_total(%s, %s, %s);',
			map { literal($json->encode($_)) } $series, $total, $options);
	}
	complain($number, $question, "@lines") if grep { $_ ne '' } @lines;
	return;
}

# ---- Worlds ------------------------------------------------------------------------

sub in_world
{
	my ($number, @definitions) = @_;

	srand($seed * 1000 + $number);
	my $world = $number % 10 == 5 ? World->flights : World->new($number);
	my %questions;

	$lost = 0;
	my @lines = $session->run('ROLLBACK;', 'BEGIN;', "SET LOCAL TIME ZONE 'UTC';",
		$world->statements, 'TRUNCATE fuzz.asked;', 'SET LOCAL ROLE app_user;',
		'SET LOCAL prismiq.tenant_id = ' . literal($world->tenant) . ';');

	if (@lines)
	{
		push @wrong, "world $number";
		print STDERR "# world $number: @lines\n";
		return;
	}
	for my $definition (@definitions)
	{
		srand($seed * 1000000 + $definition);
		$questions{$definition} = Question->new($world);
		next if $ENV{ONLY} && $ENV{ONLY} != $definition;
		ask($definition, $questions{$definition});
		relate($definition, $questions{$definition}) if !$lost;
		last if $lost;
	}
	return if $lost;
	srand($seed * 1000 + $number + 500);
	@lines = $session->run('RESET ROLE;', $world->upheaval, 'SET LOCAL ROLE app_user;');
	if (@lines)
	{
		push @wrong, "world $number";
		print STDERR "# world $number, upheaval: @lines\n";
		return;
	}
	for my $line ($session->run('SELECT fuzz.ask_again();'))
	{
		my $change = $line =~ /^\{/ ? $json->decode($line)
		  : { id => $definitions[0], error => $line };

		next
		  if !$change->{error}
		  && same_rows($change->{before}, $change->{rows}, $change->{types}, $change->{ordered});
		complain($change->{id}, $questions{ $change->{id} }, "other tenants changed it from\n#   "
			  . "@{$change->{before} // []}\n# to\n#   @{$change->{rows} // []}\n#   "
			  . $json->encode($change->{error}));
	}
	return;
}

my @lines = $session->run('SET client_min_messages = error;', 'SET search_path = prismiq, public;');
my @all = (1 .. $count);
my $world = 0;

while (my @some = splice @all, 0, $each)
{
	$world++;
	in_world($world, @some) if !$ENV{ONLY} || grep { $_ == $ENV{ONLY} } @some;
}
$session->run('ROLLBACK;');
print "# seed $seed: $count definitions, ",
  join(', ', map { "$_ " . ($done{$_} // 0) } qw(answered oracle rows narrowed summed)), "\n";
print "# with: ", join(', ', map { "$_ $asked{$_} (" . ($held{$_} // 0) . ')' } sort keys %asked),
  " (held against plain SQL)\n";
print "# refused: ", join(', ', map { "$_ $refused{$_}" } sort keys %refused), "\n" if %refused;
print "# wrong: @wrong\n" if @wrong;
print @wrong ? 'not ok' : 'ok', " 1 - properties of $count random definitions (seed $seed)\n1..1\n";
exit(@wrong ? 1 : 0);
