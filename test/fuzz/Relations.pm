package Relations;

# Ways in which rows can lie in a database: a table, partitions, a view that
# computes, another server. Each is a list of statements that make the relation
# "into" out of the rows of the statement "rows", which has the columns of "columns"
# ([name, type, expression that gives the same value and raises on poison],
# the tenant's first). What is made beside it begins with the relation's name.

use strict;
use warnings;

use World;

*chance = \&World::chance;
*pick = \&World::pick;
*name = \&World::name;

# Rows of tenant column "t" hang on a parent that says whose they are.
my $PARENTS = 'SELECT row_number() OVER (ORDER BY t.%1$s, n) AS account, t.%1$s'
  . ' FROM (SELECT DISTINCT %1$s FROM %2$s) AS t, generate_series(0, 2) AS n';

sub new
{
	my ($class, %self) = @_;

	return bless {%self}, $class;
}

sub beside { my ($self, $what) = @_; return "$self->{schema}." . name("$self->{name} $what"); }
sub tenant { my ($self) = @_; return name($self->{columns}[0][0]); }

# The columns' names; of those but the tenant's with "rest".
sub names
{
	my ($self, $alias, @columns) = @_;

	@columns = @{ $self->{columns} } if !@columns;
	return join ', ', map { "$alias." . name($_->[0]) } @columns;
}

sub rest { my ($self) = @_; my (undef, @rest) = @{ $self->{columns} }; return @rest; }

# Indexes on a table: by tenant, by number, by something else.
sub indexes
{
	my ($self, $table) = @_;
	my $other = pick(grep { $_->[1] !~ /\[\]|jsonb/ } $self->rest);

	return (
		"CREATE INDEX ON $table (rid);",
		'CREATE INDEX ON ' . $table . ' (' . $self->tenant . ');',
		"CREATE INDEX ON $table (" . name($other->[0]) . ');');
}

# A plain table of the rows under a name beside the relation's, or its own.
sub table
{
	my ($self, $where, $condition) = @_;

	return (
		"CREATE TABLE $where ("
		  . join(', ', map { name($_->[0]) . " $_->[1]" } @{ $self->{columns} }) . ');',
		"INSERT INTO $where SELECT "
		  . $self->names('r')
		  . " FROM ($self->{rows}) AS r"
		  . ($condition ? " WHERE $condition" : '')
		  . ' ORDER BY rid;');
}

sub plain
{
	my ($self) = @_;

	return ($self->table($self->{into}), $self->indexes($self->{into}));
}

# With policies of its own.
sub rls
{
	my ($self) = @_;
	my @policies = (
		"CREATE POLICY one ON $self->{into} USING (rid > 0);",
		"CREATE POLICY two ON $self->{into} AS RESTRICTIVE USING (rid < 2000000000);");

	return ($self->plain, "ALTER TABLE $self->{into} ENABLE ROW LEVEL SECURITY;", @policies);
}

# Every third row in a child, which has an index of its own.
sub inherited
{
	my ($self) = @_;
	my $child = $self->beside('child');

	return (
		$self->table($self->{into}, 'rid % 3 > 0'),
		$self->indexes($self->{into}),
		"CREATE TABLE $child () INHERITS ($self->{into});",
		"INSERT INTO $child SELECT "
		  . $self->names('r')
		  . " FROM ($self->{rows}) AS r"
		  . ' WHERE rid % 3 = 0;',
		$self->indexes($child));
}

# Two levels, tenants mixed.
sub partitioned
{
	my ($self) = @_;
	my @parts = map { $self->beside("part $_") } 0 .. 3;
	my ($create, $insert) = $self->table($self->{into});

	my $half = "PARTITION OF $self->{into} FOR VALUES WITH (MODULUS 2, REMAINDER";

	$create =~ s/\);$/) PARTITION BY HASH (rid);/;
	return (
		$create,
		"CREATE TABLE $parts[0] $half 0);",
		"CREATE TABLE $parts[1] $half 1) PARTITION BY RANGE (rid);",
		"CREATE TABLE $parts[2] PARTITION OF $parts[1] FOR VALUES FROM (MINVALUE) TO (20);",
		"CREATE TABLE $parts[3] PARTITION OF $parts[1] DEFAULT;",
		$insert,
		$self->indexes($self->{into}));
}

# A foreign table over a table here.
sub far_away
{
	my ($self, $where, $far, $partition) = @_;
	my $list = join ', ', map { name($_->[0]) . " $_->[1]" } @{ $self->{columns} };
	my $options = sprintf 'SERVER %s OPTIONS (schema_name %s, table_name %s)',
	  $self->{servers}[ int rand @{ $self->{servers} } ], World::quoted($self->{plain_schema}),
	  World::quoted($far);

	return "CREATE FOREIGN TABLE $where " . ($partition ? $partition : "($list)") . " $options;";
}

sub foreign
{
	my ($self) = @_;

	return (
		$self->table($self->beside('far')),
		$self->indexes($self->beside('far')),
		$self->far_away($self->{into}, "$self->{name} far"));
}

# Partitions, one of which is elsewhere.
sub foreign_leaf
{
	my ($self) = @_;
	my ($create) = $self->table($self->{into});
	my @parts = map { $self->beside("part $_") } 0 .. 1;

	$create =~ s/\);$/) PARTITION BY LIST ((rid % 2));/;
	return (
		$create,
		$self->table($self->beside('far'), 'rid % 2 = 1'),
		$self->indexes($self->beside('far')),
		"CREATE TABLE $parts[0] PARTITION OF $self->{into} FOR VALUES IN (0);",
		"INSERT INTO $parts[0] SELECT "
		  . $self->names('r')
		  . " FROM ($self->{rows}) AS r"
		  . ' WHERE rid % 2 = 0;',
		$self->indexes($parts[0]),
		$self->far_away(
			$parts[1],
			"$self->{name} far",
			"PARTITION OF $self->{into} FOR VALUES IN (1)"));
}

# Columns that are computed when they are read; the server has that from 18 on.
sub virtual
{
	my ($self) = @_;
	# Not of a domain, and by functions that are immutable.
	my @columns = grep { $_->[2] && $_->[1] !~ /price/ } $self->rest;

	return $self->plain if !@columns || $self->{version} < 18;
	my $column = pick(@columns);
	my $raw = name("$column->[0] raw");
	my $formula = $column->[2]->($raw) =~ s/concat\((.*?), (chr\(92\))\)/$1 || $2/r;
	my $computed = name($column->[0]) . " $column->[1] GENERATED ALWAYS AS ($formula) VIRTUAL";
	my @stored = map { $_ == $column ? [ "$_->[0] raw", $_->[1] ] : $_ } @{ $self->{columns} };
	my ($create) = Relations->new(%$self, columns => \@stored)->table($self->{into});

	$create =~ s/\);$/, $computed);/;
	return (
		$create,
		"INSERT INTO $self->{into} ("
		  . join(', ', map { name($_->[0]) } @stored)
		  . ') SELECT '
		  . $self->names('r')
		  . " FROM ($self->{rows}) AS r ORDER BY rid;",
		"CREATE INDEX ON $self->{into} (rid);",
		"CREATE INDEX ON $self->{into} (" . $self->tenant . ');');
}

sub materialized
{
	my ($self) = @_;

	return (
		"CREATE MATERIALIZED VIEW $self->{into} AS SELECT "
		  . $self->names('r')
		  . " FROM ($self->{rows}) AS r;",
		$self->indexes($self->{into}));
}

# ---- Views -----------------------------------------------------------------------

# A view over a table of the same rows: its list, and what comes after FROM the table as "b",
# in whose place something may be made of it.
sub view
{
	my ($self, $list, $tail, $options, $from) = @_;
	my $base = $self->beside('base');

	$from = ($from // '@') =~ s/@/$base/r;
	return ($self->table($base), $self->indexes($base),
			"CREATE VIEW $self->{into} "
		  . ($options // '')
		  . " AS SELECT $list FROM $from AS b "
		  . ($tail // '')
		  . ';');
}

sub simple_view { my ($self) = @_; return $self->view($self->names('b')); }
sub ordered_view { my ($self) = @_; return $self->view($self->names('b'), 'ORDER BY rid'); }
sub distinct_view { my ($self) = @_; return $self->view('DISTINCT ' . $self->names('b')); }

sub barrier_view
{
	my ($self) = @_;

	return $self->view($self->names('b'), '', ' WITH (security_barrier)');
}

sub invoker_view
{
	my ($self) = @_;

	return $self->view($self->names('b'), '', ' WITH (security_invoker)');
}

# Of the columns that can be computed again from themselves, about half are.
sub computed
{
	my ($self, $alias) = @_;

	return join ', ', map {
		my $own = "$alias." . name($_->[0]);

		($_->[2] && chance(0.6) ? '(' . $_->[2]->($own) . ") AS " . name($_->[0]) : $own)
	} @{ $self->{columns} };
}

sub computing_view { my ($self) = @_; return $self->view($self->computed('b')); }

# The view of a view computes.
sub nested_view
{
	my ($self) = @_;
	my @view = $self->view($self->computed('b'));

	$view[-1] =~ s/\Q$self->{into}\E/$self->beside('inner')/e;
	return (@view,
			"CREATE VIEW $self->{into} AS SELECT "
		  . $self->computed('v')
		  . ' FROM '
		  . $self->beside('inner')
		  . ' AS v WHERE v.rid > 0;');
}

# The tenant itself is computed.
sub computed_tenant
{
	my ($self) = @_;
	my $type = $self->{columns}[0][1];
	my $tenant = $self->tenant;

	return $self->view("CASE WHEN b.rid > 0 THEN b.$tenant\::text END::$type AS $tenant, "
		  . $self->names('b', $self->rest));
}

# Rows say whose they are by their parent.
sub joined_view
{
	my ($self, $list, $beside) = @_;
	my $base = $self->beside('base');
	my $parents = $self->beside('parents');
	my $tenant = $self->tenant;
	my @rest = $self->rest;

	return (
		"CREATE TABLE $parents AS " . sprintf($PARENTS, $tenant, "($self->{rows}) AS r") . ';',
		"ALTER TABLE $parents ADD PRIMARY KEY (account);",
		"CREATE TABLE $base AS SELECT p.account, "
		  . $self->names('r', @rest)
		  . " FROM ($self->{rows}) AS r JOIN LATERAL (SELECT min(account) + r.rid % 3 AS account"
		  . " FROM $parents AS p WHERE p.$tenant = r.$tenant) AS p ON true;",
		"CREATE INDEX ON $base (rid);",
		"CREATE INDEX ON $base (account);",
		"ANALYZE $parents;",
		"CREATE VIEW $self->{into} AS SELECT p.$tenant, "
		  . ($list // $self->names('b', @rest))
		  . " FROM $base AS b JOIN $parents AS p ON p.account = b.account"
		  . ($beside // '')
		  . ';');
}

sub joined_computing_view
{
	my ($self) = @_;
	my $copy = Relations->new(%$self, columns => [ $self->rest ]);

	return $self->joined_view($copy->computed('b'));
}

# What is computed stands in FROM, in a row of values for each row of the table.
sub joined_values_view
{
	my ($self) = @_;
	my @made = grep { $_->[2] } $self->rest;
	my %made = map { $_->[0] => 1 } @made;

	return $self->joined_view if !@made;
	return $self->joined_view(
		join(', ', map { $self->names($made{ $_->[0] } ? 'l' : 'b', $_) } $self->rest),
		', LATERAL (VALUES ('
		  . join(', ', map { $_->[2]->('b.' . name($_->[0])) } @made)
		  . ')) AS l ('
		  . join(', ', map { name($_->[0]) } @made)
		  . ')');
}

# What is computed is the result of a subquery for each row, with an aggregate or a condition.
sub joined_subquery_view
{
	my ($self) = @_;
	my $base = $self->beside('base');
	my $from = "FROM (SELECT i.* FROM $base AS i WHERE i.rid = b.rid OFFSET 0) AS i";
	my @list = map {
		my $own = 'i.' . name($_->[0]);
		my $same = $_->[2] && $_->[2]->($own);

		  !$same ? 'b.' . name($_->[0])
		: chance(0.5) ? "(SELECT min($same) $from) AS " . name($_->[0])
		: "(SELECT $own $from WHERE coalesce(($same) IS NOT NULL, true)) AS " . name($_->[0])
	} $self->rest;

	return $self->joined_view(join ', ', @list);
}

sub grouped_view
{
	my ($self) = @_;

	return $self->view($self->computed('b'), 'GROUP BY ' . $self->names('b'));
}

# A condition on what the window is partitioned by goes below it, where the tenant's does not.
sub window_view
{
	my ($self) = @_;
	my $by = name(pick(grep { $_->[1] ne 'jsonb' } $self->rest)->[0]);

	return $self->view($self->names('b'), 'WHERE b.place > 0', '',
			'(SELECT t.*, row_number() OVER (PARTITION BY t.'
		  . $by
		  . ' ORDER BY t.rid) AS place FROM @ AS t)');
}

sub union_view
{
	my ($self) = @_;
	my $base = $self->beside('base');
	my $union = chance(0.5) ? 'UNION' : 'UNION ALL';

	return $self->view($self->computed('b'),
			"WHERE b.rid % 2 = 0 $union SELECT "
		  . $self->computed('c')
		  . " FROM $base AS c WHERE c.rid % 2 = 1");
}

sub lateral_view
{
	my ($self) = @_;
	my $tenant = $self->tenant;

	return $self->view(
		"l.$tenant, " . $self->names('b', $self->rest),
		"JOIN LATERAL (SELECT b.$tenant LIMIT 1) AS l ON true");
}

our @KINDS = qw(plain plain rls inherited partitioned foreign foreign_leaf virtual materialized
  simple_view ordered_view distinct_view barrier_view invoker_view computing_view nested_view
  computed_tenant joined_view joined_computing_view joined_values_view
  joined_subquery_view grouped_view window_view union_view
  lateral_view);

1;
