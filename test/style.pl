#!/usr/bin/perl
# The rules of the house that a script can check, as TAP. Soft limits are
# notes, hard ones failures.
#
#   test/style.pl          or: make check-style
#
# 1. rooms: a file needs its own room and rooms below, and there are no circles
# 2. words with one owner
# 3. calls that are nowhere
# 4. sizes
# 5. comments and error codes
# 6. SQL, tests, documents, metadata

use strict;
use warnings;
use File::Basename qw(basename dirname);
use FindBin;
use lib "$FindBin::Bin/lib";
use Examples;
use Rooms;

chdir dirname($0) . '/..' or die "$0: $!";

my $count = 0;
my $failed = 0;

# One assertion: the list of complaints is empty.
sub none
{
	my ($name, @complaints) = @_;

	$count++;
	print @complaints ? 'not ok' : 'ok', " $count - $name\n";
	$failed++ if @complaints;
	print STDERR "#   $_\n" for @complaints;
	return;
}

sub note
{
	print "# $_\n" for @_;
	return;
}

sub slurp
{
	my ($name) = @_;

	open my $file, '<', $name or die "$name: $!";
	local $/ = undef;
	my $text = <$file>;
	close $file;
	return $text;
}

# Text without its comments and the insides of its strings, lines kept.
sub bare
{
	my ($text) = @_;

	$text =~ s{
		( /\* .*? \*/ ) | ( " (?: [^"\\\n] | \\. )* " ) | ( ' (?: [^'\\\n] | \\. )+ ' )
	}{
		if (defined $1) { my $c = $1; $c =~ s/[^\n]//g; $c }
		elsif (defined $2) { '""' }
		else { "'x'" }
	}gesx;
	return $text;
}

# Width of a line with tabs of four columns.
sub width
{
	my ($line) = @_;
	my $width = 0;

	utf8::decode($line);
	for my $char (split //, $line)
	{
		$width += $char eq "\t" ? 4 - $width % 4 : 1;
	}
	return $width;
}

# Line number of an offset.
sub line_of
{
	my ($text, $offset) = @_;

	return 1 + (substr($text, 0, $offset) =~ tr/\n//);
}

my @c_files = sort (glob('src/*.[ch]'), glob('src/*/*.[ch]'));
my @parts = sort glob('sql/parts/*.sql');
my %text = map { $_ => slurp($_) } @c_files, @parts;
my %bare = map { $_ => bare($text{$_}) } @c_files;
my @complaints;

# ---- 1. rooms --------------------------------------------------------------

# Rooms of one rank do not know each other. "doc" stands above "read", since
# documents hold definitions.
my @ranks = (
	['base'], ['model'], [qw(read who)], ['doc'], ['catalog'], ['access'], ['value'], ['expr'],
	['join'], ['stage'], ['check'], ['rollup'], ['print'], ['compile'], [qw(run sandbox)],
	['show'], [''], ['entry']);
my %rank = map { my $n = $_; map { $_ => $n } @{ $ranks[$n] } } 0 .. $#ranks;

# JSON input ends where reading ends, and printers know nothing of the walkers, nor
# do those that make statements ask the catalogs.
my %shut = map { $_ => 1 } (
	(map { ("$_ read", "$_ doc") }
		  qw(catalog access value expr join stage check rollup print compile run show)),
	(map { ("print $_", "compile $_") } qw(access value expr join stage check)),
	'compile catalog');

# Circles that are in the nature of things: an argument is an expression; a query
# stands in a query; the parts of an expression, and of a condition, are printed by
# what prints the whole.
my %natural = map { $_ => 1 } (
	'expr: expr_aggregates expr_functions expr_operators fields lower',
	'read: read_filters read_query read_stages',
	'check: definition nested',
	'print: bucket print_expr',
	'print: conditions print_measures source');

my $rooms = Rooms->new(files => \@c_files, text => \%text, bare => \%bare);
my @circles = $rooms->circles;

none('a file needs its own room and rooms of lower rank', $rooms->upward(\%rank, \%shut));
none('nothing in a room needs itself in a circle', grep { !$natural{$_} } @circles);
my %circle = map { $_ => 1 } @circles;

none('the natural circles are there', grep { !$circle{$_} } sort keys %natural);

my %lines;

$lines{ Rooms::room($_) } += ($text{$_} =~ tr/\n//) for @c_files;
my $all = 0;
$all += $_ for values %lines;
none('no room holds a quarter of the code',
	map { "$_ has $lines{$_} of $all lines" } grep { 4 * $lines{$_} > $all } sort keys %lines);

my %seen;
none('base names are unique over src/',
	map { "$_ and " . $seen{ basename($_) } }
	  grep { my $first = $seen{ basename($_) }; $seen{ basename($_) } //= $_; $first }
	  grep { /\.c$/ } @c_files);

# ---- 2. words with one owner -----------------------------------------------

for (
	[ 'jansson.h', 'base/json', qr/^#include <jansson\.h>/m, qr{^src/base/json\.} ],
	[ 'quote_identifier', 'print/sqltext',
		qr/\bquote_(?:qualified_)?identifier\b/, qr{^src/print/sqltext\.} ],
	[ 'CacheRegister...', 'base/cache', qr/\bCacheRegister\w*Callback\b/, qr{^src/base/cache\.c$} ],
	[ 'executor/spi.h', 'run and rollup',
		qr{^#include "executor/spi\.h"}m, qr{^src/(?:run|rollup)/} ],
	[ 'DefineCustom...', 'base/settings',
		qr/\bDefineCustom\w+Variable\b/, qr{^src/base/settings\.c$} ],
	[ 'PG_VERSION_NUM', 'base/compat',
		qr/\bPG_VERSION_NUM\b/, qr{^src/base/compat(?:_rights|_input)?\.h$} ],
	[ 'getBaseType and the like', 'catalog/types',
		qr/\b(?:getBaseType|get_type_category_preferred|lookup_rowtype_tupdesc)\b/,
		qr{^src/(?:catalog/types\.|entry/|run/)} ],
	[ 'lookup_type_cache', 'catalog/types, catalog/operators and run/silent',
		qr/\blookup_type_cache\b/, qr{^src/(?:catalog/(?:types|operators)\.|run/silent\.|entry/)} ],
	[ 'look-ups by a name that is written', 'catalog and access/exposure',
		qr/\b(?:get_relname_relid|get_namespace_oid|SearchSysCacheAttName|ENUMTYPOIDNAME)\b/,
		qr{^src/(?:catalog/(?:home|relations|enums)|access/(?:exposure|columns))\.} ],
	[ 'what asks the catalogs while printing', 'print/sqltext, for names by number',
		qr{^#include "(?:catalog/catalogs|parser/.*|utils/(?:lsyscache|syscache|typcache))\.h"}m,
		qr{^src/(?!print/|compile/)|^src/print/sqltext\.c$} ],
	[ 'PG_FUNCTION_INFO_V1', 'entry', qr/\bPG_FUNCTION_INFO_V1\b/, qr{^src/entry/} ])
{
	my ($word, $owner, $regex, $files) = @$_;

	# Includes are strings, which bare() empties.
	none("$word is in $owner only",
		grep { $_ !~ $files && ($regex =~ /include/ ? $text{$_} : $bare{$_}) =~ $regex } @c_files);
}

# What a definition is compiled from is gathered where it is remembered: what its walkers look at
# of the session is part of the key, what they ask of the catalogs forgets what was made of it.
my $walkers = qr{^src/(?:model|read|catalog|access|value|expr|join|stage|check|print|compile)/};
my $gathered = $bare{'src/pipeline_compiled.c'} . $bare{'src/base/settings.c'} =~
	s/.*(?=^prismiq_settings_see)//smr =~ s/^\}.*//smr;
my %heard = map { $_ => 1 } qw(AGGFNOID ATTNUM CASTSOURCETARGET CLAOID COLLOID CONSTROID
	ENUMTYPOIDNAME INDEXRELID NAMESPACEOID OPEROID PROCNAMEARGSNSP PROCOID RELOID
	RULERELNAME STATRELATTINH TYPEOID);
my (@unseen, @unheard);

for my $name (grep { $_ =~ $walkers } @c_files)
{
	my $code = $bare{$name};

	while ($code =~ /\b(prismiq_setting_\w+|\w+_mem|get_\w+_limit|session_timezone|row_security|
			quote_all_identifiers|GetConfigOption\w*|GetSessionUserId|GetOuterUserId|
			GetCurrent(?:\w*)Timestamp\w*|GetSQLCurrent\w+)\b/gx)
	{
		push @unseen, $name . ':' . line_of($code, $-[0]) . ": $1" if $gathered !~ /\b$1\b/;
	}
	while ($code =~ /\bSearchSysCache(?:Exists|List|Copy)?\d?\(([A-Z]+)/g)
	{
		push @unheard, $name . ':' . line_of($code, $-[0]) . ": $1" if !$heard{$1};
	}
}
none('what walkers look at of the session is in the key of what is remembered', @unseen);
none('what they ask of the system caches forgets what is remembered', @unheard);

# ---- 3. calls that are nowhere ---------------------------------------------

@complaints = ();
for my $name (@c_files)
{
	my $code = $bare{$name};

	while ($code =~ /\b(v?sprintf|strcpy|strcat|gets|system|popen)\s*\(/g)
	{
		push @complaints, $name . ':' . line_of($code, $-[0]) . ": $1";
	}
}
none('sprintf, strcpy, strcat, system: nowhere', @complaints);

# What does not see TEXTDOMAIN would be taken for the server's (run/guard.c).
sub sees_fault
{
	my ($name, $seen) = @_;

	return 1 if $name eq 'src/base/fault.h';
	return 0 if $seen->{$name}++ || !exists $text{$name};
	my @includes = $text{$name} =~ /^#include "([^"]+)"/mg;

	return grep { sees_fault("src/$_", $seen) } @includes;
}

none('a file that raises errors includes base/fault',
	grep { $bare{$_} =~ /\b(?:ereport|elog)\s*\(/ && !sees_fault($_, {}) }
	  grep { /\.c$/ } @c_files);

# ---- 4. sizes --------------------------------------------------------------

# Lines that a thing may have; over the soft limit it is a note.
my %limit = (
	file => { soft => 500, hard => 600 },
	header => { soft => 120, hard => 150 },
	function => { soft => 60, hard => 80 });

# A complaint when something is over its hard limit.
sub too_long
{
	my ($kind, $what, $lines) = @_;

	return "$what has $lines lines" if $lines > $limit{$kind}{hard};
	note("$what has $lines lines") if $lines > $limit{$kind}{soft};
	return;
}

for my $kind ('file', 'header')
{
	none("no $kind has more than $limit{$kind}{hard} lines",
		map { too_long($kind, $_, $text{$_} =~ tr/\n//) }
		  grep { /\.h$/ ? $kind eq 'header' : $kind eq 'file' } @c_files);
}

my @uncommented;

@complaints = ();
for my $name (grep { /\.[ch]$/ } @c_files)
{
	my @lines = split /\n/, $text{$name};

	for my $i (0 .. $#lines)
	{
		next if $lines[$i] ne '{';
		# Up to the blank line, comment or end of statement before the head.
		my $head = $i;
		$head-- while $head > 0 && $lines[ $head - 1 ] !~ m!^\s*$|\*/\s*$|[;}]\s*$|^#!;
		my $title = join ' ', @lines[ $head .. $i - 1 ];
		next if $title !~ /(\w+)\s*\([^=]*\)\s*$/;
		my $function = $title =~ /(\w+)\s*\(/ ? $1 : '?';
		my $end = $i;
		$end++ while $end < $#lines && $lines[$end] ne '}';
		my $length = $end - $i + 1;

		push @complaints, too_long('function', "$name: $function", $length);

		# What fmgr's macro declares may stand between comment and head.
		my $above = $head - 1;
		$above-- while $above > 0 && $lines[$above] =~ /^\s*$|^PG_FUNCTION_INFO_V1|^#|^PGDLLEXPORT/;
		push @uncommented, "$name: $function" if $lines[$above] !~ m{\*/\s*$};
	}
}
none("no function has more than $limit{function}{hard} lines", @complaints);

# ---- 5. comments and error codes -------------------------------------------

none('every function has a comment', @uncommented);

@complaints = ();
for my $name (@c_files)
{
	push @complaints, $name if $text{$name} !~ m{\A/\*-+\n \*\n \* \Q@{[basename($name)]}\E\n};
}
none('every file begins with its name and what it is for', @complaints);

@complaints = ();
for my $name (@c_files)
{
	my $code = $bare{$name};

	while ($code =~ /\bereport\s*\(\s*(?:ERROR|FATAL)\b([^;]*);/g)
	{
		my ($body, $at) = ($1, $-[0]);

		push @complaints, "$name:" . line_of($code, $at) if $body !~ /\berrcode\w*\s*\(/;
	}
}
none('every ereport(ERROR) has an errcode', @complaints);

@complaints = ();
for my $name (@c_files)
{
	my $code = $bare{$name};

	push @complaints, "$name:" . line_of($code, $-[0] + 1)
	  while $code =~ /^[ \t]*(?:\[\w+\] = )?\{[^{}=;\n]*\b(?:true|false), (?:true|false)\b/mg;
}
none('the rows of a table name their fields', @complaints);

@complaints = ();
for my $name (grep { /\.h$/ } @c_files)
{
	my $code = $bare{$name};

	while ($code =~ /^extern\s[^;]*?(\w+)\s*(?:\(|\[|;|=)/mg)
	{
		push @complaints, "$name: $1" if $1 !~ /^prismiq_/;
	}
}
none('what a header declares is called prismiq_...', @complaints);

# What the model says is found by a file is there to be found in that file.
@complaints = ();
for my $name (grep { m{^src/model/.*\.h$} } @c_files)
{
	my @by;

	while ($text{$name} =~ m{ (/\* .*? \*/) | (\n\s*\n|^\}) | (\w+); }gsxm)
	{
		my ($comment, $end, $field) = ($1, $2, $3);

		if (defined $end)
		{
			@by = ();
		}
		elsif (defined $comment && $comment =~ /\b(?:found|given) by\b/)
		{
			@by = $comment =~ m{\b(\w+/\w+\.c)\b}g;
			push @complaints, map { "$name: there is no $_" } grep { !$bare{"src/$_"} } @by;
		}
		elsif (defined $field && @by)
		{
			push @complaints, "$name: $field is in none of @by"
			  if !grep { ($bare{"src/$_"} // '') =~ /(?:->|\.)$field\b/ } @by;
		}
	}
}
none('what is found by a file stands in that file', @complaints);

# ---- 6. SQL, tests, documents, metadata ------------------------------------

none('every part of the install script begins with a comment',
	grep { $text{$_} !~ /\A--/ } @parts);

# The Makefile writes the line into the install script.
none('every upgrade script begins with its search path',
	grep {
		slurp($_) !~ m{\A(?:\s+|--[^\n]*\n|\\echo[^\n]*\n)*
			SET\ LOCAL\ search_path\ =\ pg_catalog,\ pg_temp;\n}x
	} sort glob('sql/prismiq--*--*.sql'));

@complaints = ();
for my $name (@parts, glob('sql/prismiq--*--*.sql'))
{
	my $code = $text{$name} // slurp($name);

	# What is said in comments and strings is no name.
	$code =~ s{(\$c\$.*?\$c\$|--[^\n]*|'(?:[^']|'')*')}{$1 =~ s/[^\n]//gr}gse;
	while ($code =~ /(?<!\@extschema\@\.)\bprismiq_(?!internal\.)\w+\s*\(
			|\b(?:(?<!DISTINCT\ )FROM|JOIN|INTO|UPDATE|REFERENCES
			 |TABLE|FUNCTION|DOMAIN|TYPE|VIEW|SEQUENCE)\s+(?:ONLY\s+)?"?
			 (?:prismiq_(?!internal\.)|text\/)/gx)
	{
		push @complaints, "$name:" . line_of($code, $-[0]) . ": $&";
	}
}
none('every name of ours in the scripts stands behind its schema', @complaints);

@complaints = ();
for my $name (@parts)
{
	my $code = $text{$name};
	my $lines = ($code =~ tr/\n//);

	push @complaints, "$name has $lines lines" if $lines >= 200;
	push @complaints, "$name:" . line_of($code, $-[0]) . ': a tab' if $code =~ /\t/;
	push @complaints, "$name:" . line_of($code, $-[0]) . ": $&"
	  while $code =~ /\$(?![fc\d]\$)\w*\$/g;
	while ($code =~ /^COMMENT ON [^;]*? IS\s+(.{0,40})/gm)
	{
		push @complaints, "$name:" . line_of($code, $-[0]) . ": $1"
		  if $1 !~ /^\$c\$[A-Z][a-z]+s /;
	}

	# A constraint on a column has its name on the line before, or beside it.
	while ($code =~ /^CREATE TABLE [^;]*?^\);/gms)
	{
		my ($table, $start) = ($&, $-[0]);

		push @complaints, "$name:" . line_of($code, $start + $-[0]) . ": $1"
		  while $table =~ /\b(CHECK \(|PRIMARY KEY|UNIQUE \(|FOREIGN KEY|REFERENCES)/g
		  && substr($table, 0, $-[0]) !~ /CONSTRAINT \w+\s+(?:FOREIGN KEY [^,]*\)\s+)?\z/;
	}
}
none('scripts are short, in one style, and name their constraints', @complaints);

my %script = map { basename($_, '.sql') => 1 } glob('sql/*.sql');

none('every regression test has its expected output, and no name of a script in sql/',
	grep { my $n = basename($_, '.sql'); !-e "expected/$n.out" || $script{$n} }
	  sort glob('test/sql/*.sql'));
none('every expected output has its test',
	grep { !-e 'test/sql/' . basename($_, '.out') . '.sql' } sort glob('expected/*.out'));

my @documents = sort (glob('*.md'), glob('docs/*.md'));

@complaints = ();
for my $name (grep { $_ ne 'CHANGELOG.md' } @documents)
{
	my $lines = (slurp($name) =~ tr/\n//);

	push @complaints, "$name has $lines lines" if $lines > 200;
}
none('no document has more than 200 lines', @complaints);

my %setting = map { $_ => 1 } $text{'src/base/settings.c'} =~ /"(prismiq\.\w+)"/g;
my %documented = map { $_ => 1 } slurp('docs/settings.md') =~ /`(prismiq\.[a-z_]+)`/g;

none('docs/settings.md has every setting',
	map { "$_ is not there" } grep { !$documented{$_} } sort keys %setting);
none('and no other', grep { !$setting{$_} } sort keys %documented);

# Codes of faults: each is documented, and is raised and tested, or marked as
# reserved.
my ($codes) = $text{'src/base/fault.c'} =~ /code_names\[\] = \{(.*?)\};/s;
my @codes = $codes =~ /"([A-Z_]+)"/g;
my %line = slurp('docs/errors.md') =~ /^\| `([A-Z_]+)` \| (.*)$/mg;
my $sources = join '', map { $text{$_} } grep { !m{^src/base/fault\.} } @c_files;
my $tested = join '', map { slurp($_) } glob('test/sql/*.sql'), glob('expected/*.out'),
  glob('test/pgtap/*.sql');
$tested =~ s{^\s*--.*$}{}mg;
my %known = map { $_ => 1 } @codes;

none('docs/errors.md has every code', grep { !$line{$_} } @codes);
none('and no other code', grep { !$known{$_} } sort keys %line);
none('every code that is raised has a test',
	grep { $sources =~ /\bPRISMIQ_$_\b/ && $tested !~ /\b$_\b/ } @codes);
none('docs/errors.md marks as reserved what is not raised, and only that',
	grep { ($sources =~ /\bPRISMIQ_$_\b/ ? 1 : 0) == (($line{$_} // '') =~ /\*reserved\*/ ? 1 : 0) }
	  @codes);

# The strings of the arrays of a C file whose names match.
sub listed
{
	my ($name, $array) = @_;
	my $source = slurp($name);

	$source =~ s{/\*.*?\*/}{}gs;
	return map { /"([^"]+)"/g } $source =~ /\bconst \w*$array\[\] = \{(.*?)\};/gs;
}

# Every key of what people write (definitions, dashboards, widgets, configurations) and every name
# that a value of a definition may take stands in a block of the documents that t/docs runs.
my @texts = map { slurp($_) } @documents;

none('each key has an example in the documents that the tests run, where it belongs',
	Examples->new(@texts)->complaints(map { $_ => $text{$_} } grep { /\.c$/ } @c_files));

my $examples = join "\n", map { /^```(?:json|sql)(?! answer)([^\n]*\n.*?)^```/msg } @texts;
my @spoken = map { listed('src/model/query.c', "_$_") }
  qw(aggregation_names operator_names window_names);

none('the names of a definition are found', @spoken > 50 ? () : scalar @spoken);
none('each has an example there', grep { $examples !~ /["']\Q$_\E["']/ } sort @spoken);

# What documents show of nginx stands in the configuration that the tests run.
my $gateway = join "\n", map { slurp($_) } sort glob 'web/gateway/*.conf';
my @fragments = map { /^```nginx\n(.*?)^```/msg } @texts;

$gateway =~ s/\s+/ /g;
none('documents show some of nginx', @fragments > 3 ? () : scalar @fragments);
none('it is that of web/gateway',
	grep { my $text = s/\s+/ /gr; $text =~ s/^ | $//g; index($gateway, $text) < 0 } @fragments);
none('and stands in blocks that say so',
	map { my $text = $text{$_} // slurp($_); $text =~ s/^```nginx\n.*?^```//msg;
		$text =~ /^[ \t]*(?:location|proxy_\w+|add_header|map \$|limit_\w+) /m ? $_ : () }
	  @documents);

# What npm has written is its own.
my @scripts = sort grep { -f && -T && !/-lock\.json$/ }
  glob('test/* test/lib/* test/t/* test/faults/* test/http/* test/http/pages/*.{html,js,sql}'),
  glob('test/*/run .ci/run Makefile src/show/web/* src/show/web/style/* web/*/build web/gateway/*');
my @sql_tests = sort (glob('test/sql/*.sql'), glob('test/pgtap/*.sql'), glob('test/data/*.sql'));
@scripts = grep { !/\.inc$/ } @scripts;
my (@wide, @blank, @unfinished, @endless);

# What browsers are given is held to the sizes of C.
my @web = grep { m{^src/show/web/} } @scripts;

none("no part of the module has more than $limit{file}{hard} lines",
	map { too_long('file', $_, slurp($_) =~ tr/\n//) } @web);
none('every part of it begins with a comment', grep { slurp($_) !~ m{\A(?://|/\*|<svg)} } @web);
none('the style sheet is a constant of JavaScript as it stands',
	grep { slurp($_) =~ /[`\\\$]/ } grep { m{/style/} } @web);
@complaints = ();
for my $name (grep { /\.js$/ } @web)
{
	my $text = slurp($name);

	# The body of a function, or of a method, ends where its head's indentation comes again.
	while ($text =~ /^((?:  )?)(?:async )?(?:function )?(?:get |set |static )?([#]?\w+)\([^\n]*\{\n
			(.*?)^\1\}/gmsx)
	{
		push @complaints, too_long('function', "$name: $2", ($3 =~ tr/\n//) + 2);
	}
}
none("no function of it has more than $limit{function}{hard} lines", @complaints);
none('it runs no text and makes no markup',
	grep { slurp($_) =~ /\b(?:eval|Function)\s*\(|(?:inner|outer)HTML|insertAdjacentHTML
		|document\.write|style=/x } grep { /\.js$/ } @web);

for my $name (@c_files, @parts, @scripts, @sql_tests, @documents)
{
	my $text = $text{$name} // slurp($name);
	my $number = 0;
	my $prose = $name =~ /\.md$/;

	for my $line (split /\n/, $text)
	{
		$number++;
		# What COMMENT ON says is prose, one line a paragraph.
		$prose = !$prose if $name =~ m{^sql/parts/} && $line =~ /^[^\$]*\$c\$[^\$]*$/;
		push @blank, "$name:$number" if $line =~ /[ \t]$/;
		push @wide, "$name:$number"
		  if !$prose && $line !~ /\$c\$/ && width($line) > 100 && $line !~ /^\\copy/;
		push @unfinished, "$name:$number"
		  if $name ne 'test/style.pl' && $line =~ /\b(?:TODO|FIXME|XXX)\b/;
	}
	push @endless, $name if $text !~ /\n\z/;
}
none('no line is wider than 100 columns', @wide);
none('no line ends in blanks', @blank);
none('every file ends with a newline', @endless);
none('nothing is left to be done', @unfinished);

my ($version) = slurp('prismiq.control') =~ /^default_version\s*=\s*'([^']+)'/m;
my @versions = slurp('META.json') =~ /"version":\s*"([^"]+)"/g;

# The last "version" is that of the metadata's own format.
pop @versions;
none('META.json tells the version of prismiq.control', grep { $_ ne $version } @versions);
none('CHANGELOG.md has an entry for it',
	slurp('CHANGELOG.md') =~ /^## \Q$version\E\b/m ? () : $version);

print "1..$count\n";
exit($failed ? 1 : 0);
