#!/bin/bash
# What prismiq_metrics() answers is the text format of Prometheus: by a reader of
# its grammar, and by Prometheus' own promtool, which also reads the configuration
# in docs/watching.md.
. "$TEST_DIR/lib/tap.sh"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"; dropdb --if-exists --force metrics' EXIT
createdb -T "$TEMPLATE" metrics

# Each family says once what it is, then come its samples, none of them twice.
cat >"$scratch/read.pl" <<'PERL'
use strict;
use warnings;

my $name = qr/[a-zA-Z_:][a-zA-Z0-9_:]*/;
my $label = qr/[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"/;
my ($family, $expect, $is_histogram, %families, %samples) = ('', '', 0);

local $/ = undef;
my $text = <STDIN>;

print "does not end with a line's end\n" if $text !~ /[^\n]\n\z/;
for (split /\n/, $text, -1)
{
	if (/^# HELP ($name) (\S.*)$/)
	{
		print "$1: no sample before it\n" if $expect;
		print "$1 twice\n" if $families{$1}++;
		($family, $expect) = ($1, 'TYPE');
	}
	elsif (/^# TYPE ($name) (counter|gauge|histogram|summary|untyped)$/)
	{
		print "TYPE of $1 not after its HELP\n" if $1 ne $family || $expect ne 'TYPE';
		$expect = 'sample';
		$is_histogram = $2 eq 'histogram';
	}
	elsif (/^($name)(\{$label(?:,$label)*\})? (-?[0-9]+(?:\.[0-9]+)?)$/)
	{
		my ($sample, $labels) = ($1, $2 // '');
		my $of = $is_histogram ? $sample =~ s/_(?:bucket|sum|count)$//r : $sample;

		print "$sample: among those of $family\n" if $of ne $family || $expect eq 'TYPE';
		print "$sample$labels twice\n" if $samples{ $sample . $labels }++;
		$expect = '';
	}
	elsif ($_ ne '')
	{
		print "no line of the format: $_\n";
	}
}
print "$family: no sample\n" if $expect;
print join(' ', sort keys %families), "\n";
PERL

metrics()
{
  psql -XAtq -d metrics "$@" -c 'SELECT prismiq.prismiq_metrics()'
}

families='prismiq_backend_cache_entries prismiq_build_info prismiq_dashboards'
families+=' prismiq_exposure_problems prismiq_exposures prismiq_in_recovery'
families+=' prismiq_queries_evicted_total prismiq_queries_known prismiq_queries_shared'
families+=' prismiq_queries_total prismiq_query_duration_seconds prismiq_query_errors_total'
families+=' prismiq_query_rows_total prismiq_ready prismiq_saved_queries prismiq_tenants'
families+=' prismiq_widgets'
# psql ends the last line once more.
is "$(metrics | head -c -1 | perl "$scratch/read.pl")" "$families" \
  'it is the text format, with these families'
metrics -c 'BEGIN' -c "UPDATE pg_extension SET extversion = E'a\"\\\\\\n{}'
  WHERE extname = 'prismiq'" >"$scratch/odd"
is "$(head -c -1 "$scratch/odd" | perl "$scratch/read.pl")" "$families" 'with odd labels, too'
is "$(head -c -2 "$scratch/odd" | perl "$scratch/read.pl")" "does not end with a line's end
$families" 'what is not is noticed'
is "$(sed 's/^\(prismiq_tenants\) .*/\1 many/' "$scratch/odd" | head -c -1 |
  perl "$scratch/read.pl" | head -n 1)" 'no line of the format: prismiq_tenants many' \
  'whatever it is'

if ! command -v promtool >/dev/null; then
  echo '# skipped: there is no promtool (Debian: prometheus)' >&2
  done_testing
fi

for file in odd even; do
  [ $file = odd ] || metrics >"$scratch/even"
  is "$(head -c -1 "$scratch/$file" | promtool check metrics 2>&1; echo "${PIPESTATUS[1]}")" 0 \
    "promtool finds nothing ($file)"
done
is "$(sed 's/^# HELP prismiq_tenants .*//' "$scratch/even" | head -c -1 |
  promtool check metrics 2>&1; echo "${PIPESTATUS[2]}")" 'prismiq_tenants no help text
3' 'where there is something to find it does'

# The configuration in the documents, its file with the token being there.
awk '/^```yaml/ { inside = 1; next } /^```/ { inside = 0 } inside' \
  "$TEST_DIR/../docs/watching.md" >"$scratch/prometheus.yml"
like "$(<"$scratch/prometheus.yml")" 'metrics_path: /rpc/prismiq_metrics' \
  'the documents show how it is scraped'
sed -i "s|credentials_file: .*|credentials_file: $scratch/token|" "$scratch/prometheus.yml"
touch "$scratch/token"
ok 'promtool takes that configuration' promtool check config "$scratch/prometheus.yml"

done_testing
