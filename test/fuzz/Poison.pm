package Poison;

# A world in two copies that differ only in rows of other tenants: what these
# hold is harmless in one and raises in the other, wherever an expression that
# can raise looks at it. The tenant's own rows never raise. Each table is a
# relation of some kind (Relations), its tenant column of some type.

use strict;
use warnings;

use Relations;
use World;

our @ISA = ('World');

*chance = \&World::chance;
*pick = \&World::pick;
*quoted = \&World::quoted;
*name = \&World::name;

# Own texts are numbers or, in these columns, days; so they can be cast.
our %DAYS = map { $_ => 1 } qw(region reason);
my @NUMBERS = ('1', '2', '2', '2', '12', '3.5', '700');
my @DAYS = ('2024-03-01', '2024-03-31', '2024-03-31', '2024-04-12');

# What raises, by type: a text that is no number or day, and begins with POI.
my %POISON = (
	integer => [ -1, 0, 2147483647 ],
	smallint => [ -1, 0, 32767 ],
	bigint => [ '9223372036854775807', '-9223372036854775808' ],
	numeric => [ -1, 0, '1e400' ],
	'numeric(12,2)' => [ -1, 0, '9999999999' ],
	PRICE => [0],
	real => [ -1, 0, '3e38' ],
	'double precision' => [ -1, 0, '1e308' ],
	text => ['POI('],
	'varchar(12)' => ['POI('],
	timestamptz => [ '294276-12-31 23:59:00 UTC', '4713-01-01 00:00:00 UTC BC' ],
	timestamp => [ '294276-12-31 23:59:00', '4713-01-01 00:00:00 BC' ],
	date => [ '5874897-12-31', '4713-01-01 BC' ],
	interval => ['178000000 years']);

# SQL that gives a column's own value back, and raises on poison.
my $logarithm = sub { return "CASE WHEN ln($_[0]::numeric) IS NOT NULL THEN $_[0] END"; };
my %SAME = (
	integer => $logarithm,
	numeric => $logarithm,
	PRICE => sub { return "($_[0] + 0 / $_[0])::poison.price"; },
	real => sub { return "($_[0] + 0 * ln($_[0]))::real"; },
	'double precision' => sub { return "$_[0] + 0 * ln($_[0])"; },
	text => sub { return "CASE WHEN NOT $_[0] LIKE concat('POI', chr(92)) THEN $_[0] END"; },
	date => sub { return "($_[0] - interval '1 day')::date + 1"; },
	timestamp => sub { return "$_[0] + interval '1 day' - interval '1 day'"; });

# Types of tenant columns, and what the three tenants are called in them.
my @CLASSES = (
	{   types => [qw(text text varchar(20) name char(20) poison.tenant_key poison.tenant_enum)],
		names => [@World::TENANTS] },
	{ types => [qw(integer bigint smallint)], names => [ 1 .. 3 ] },
	{ types => ['uuid'], names => [ map { "00000000-0000-4000-8000-00000000000$_" } 1 .. 3 ] });

# "version" is the server's, "servers" are foreign ones; "kind" and "tenant_type" are those of
# all tables with tenants.
sub new
{
	my ($class, $number, %more) = @_;

	# What conditions compare with.
	@World::TEXTS = (@NUMBERS, @DAYS, 'POISON');
	my $self = World::new($class, $number);

	@$self{ keys %more } = values %more;
	$self->{infinite} = 0;
	$self->{schema} = 'copy a';
	$self->{class} = $more{tenant_type} || chance(0.6) ? $CLASSES[0] : pick(@CLASSES);
	for my $table (map { $self->{tables}{$_} } @World::ORDER)
	{
		$table->{tenant_type} = $more{tenant_type} // pick(@{ $self->{class}{types} });
		$table->{kind} = $table->{tenant} ? $more{kind} // pick(@Relations::KINDS) : 'plain';
	}
	return $self;
}

# What World asks of a table; there are no foreign keys.
sub choose
{
	my ($self, $name) = @_;
	my $table = $self->{tables}{$name};

	$table->{key} = 'primary';
	$table->{orphans} = { map { $_->[0] => 1 } grep { $_->[2] } @{ $table->{columns} } };
	return;
}

sub tenant { my ($self) = @_; return $self->{class}{names}[0]; }

# The expressions of its questions.
sub expressions { return 'Raising'; }

# A value of the tenant's own, as an SQL literal: it never raises.
sub own
{
	my ($self, $column, $type) = @_;

	$type = World::plain_type($type);
	return 'NULL' if chance(0.1);
	return 1 + int rand 12 if $type eq 'integer' || $type eq 'smallint';
	return pick('9007199254740993', '4', '12', '3000000000') if $type eq 'bigint';
	return sprintf '%.2f', 0.25 + rand 200 if $type eq 'numeric' || $type eq 'PRICE';
	return (1 + int rand 80) / 4 if $type eq 'real' || $type eq 'double precision';
	return quoted(pick($DAYS{$column} ? @DAYS : @NUMBERS)) if $type eq 'text' || $type eq 'varchar';
	return $self->literal($type);
}

# One row of VALUES; "number" is its number in its tenant.
sub row
{
	my ($self, $table, $tenant, $number, $rid) = @_;
	my @values = $table->{tenant} ? quoted($self->{class}{names}[$tenant]) : ();

	for my $column (@{ $table->{columns} })
	{
		my ($name, $type, $parent) = @$column;

		push @values,
			$name =~ /^(?:id|line)$/ ? $number
		  : $parent ? 1 + int rand $World::SIZE{$parent}
		  : $self->own($name, $type);
	}
	return '(' . join(', ', @values, $rid) . ')';
}

# The columns of a table, [name, type in SQL, how it is computed again], the tenant's first.
sub columns_in_sql
{
	my ($self, $table) = @_;
	my %type = (KIND => 'poison.kind', PRICE => 'poison.price');
	my @columns = map {
		my ($name, $type, $parent) = @$_;

		[   $name,
			$type{$type} // $type,
			$parent || $name =~ /^(?:id|line)$/ ? undef : $SAME{ World::plain_type($type) } ]
	} @{ $table->{columns} };

	unshift @columns, [ $table->{tenant}, $table->{tenant_type} ] if $table->{tenant};
	return (@columns, [ rid => 'integer' ]);
}

# The master of a table: its harmless rows, those of the tenants between each other.
sub master
{
	my ($self, $table) = @_;
	my $where = 'masters.' . name($table->{name});
	my $size = $World::SIZE{ $table->{name} };
	my @rows =
	  $table->{tenant}
	  ? map { [ 0, $_ ], [ 1, $_ ], [ 1, $_ + $size ], [ 2, $_ ] } 1 .. $size
	  : map { [ 0, $_ ] } 1 .. $size;
	my $rid = 0;

	return (
		"CREATE TABLE $where ("
		  . join(', ', map { name($_->[0]) . " $_->[1]" } $self->columns_in_sql($table)) . ');',
		"INSERT INTO $where VALUES\n  "
		  . join(",\n  ", map { $self->row($table, @$_, ++$rid) } @rows) . ';');
}

# The rows of a table as two statements: harmless, and with other tenants' values of
# most columns poisoned and some of their rows gone.
sub rows
{
	my ($self, $table) = @_;
	my $from = 'FROM masters.' . name($table->{name}) . ' AS m';
	my %type = map { $_->[0] => $_->[1] } @{ $table->{columns} };
	my @poisoned;

	for my $column ($self->columns_in_sql($table))
	{
		my $own = name($column->[0]);
		my $poison = $POISON{ $type{ $column->[0] } // '' };

		if (   !$table->{tenant}
			|| !$poison
			|| $column->[0] =~ /^(?:id|line|.*_id|parent|referred_by)$/
			|| chance(0.15))
		{
			push @poisoned, "m.$own";
			next;
		}
		push @poisoned,
		  sprintf 'CASE WHEN m.%s = %s THEN m.%s ELSE (ARRAY[%s])[1 + m.rid %% %d]'
		  . '::%s END AS %3$s', name($table->{tenant}), quoted($self->tenant), $own,
		  join(', ', map { quoted($_) } @$poison), scalar @$poison, $column->[1];
	}
	return (
		"SELECT m.* $from",
		'SELECT '
		  . join(', ', @poisoned)
		  . " $from"
		  . (
			$table->{tenant}
			? ' WHERE m.rid % 5 > 0 OR m.' . name($table->{tenant}) . ' = ' . quoted($self->tenant)
			: ''));
}

# One relation in both copies.
sub relation
{
	my ($self, $table) = @_;
	my $name = $table->{name};
	my ($harmless, $poisoned) = $self->rows($table);
	my $kind = $table->{kind};
	my $relation = Relations->new(
		schema => name('copy a'),
		plain_schema => 'copy a',
		name => $name,
		into => $self->qualified($name),
		rows => "\x01",
		columns => [ $self->columns_in_sql($table) ],
		servers => $self->{servers},
		version => $self->{version});
	my @statements = $relation->$kind;

	push @statements, $self->declare($name) if $kind =~ /^(?:plain|rls)$/;
	push @statements, sprintf 'SELECT FROM prismiq.prismiq_expose(%s, %s%s);',
	  quoted($self->qualified($name)),
	  $table->{tenant} ? 'tenant_column => ' . quoted($table->{tenant}) : 'shared => true',
	  $table->{time} ? ', time_column => ' . quoted($table->{time}) : '';
	return map {
		my ($a, $b) = ($_, s/copy a/copy b/gr);

		($a =~ s/\x01/$harmless/gr, $b =~ s/\x01/$poisoned/gr)
	} @statements;
}

# Everything: rows, relations, exposures, statistics.
sub statements
{
	my ($self) = @_;
	my @tables = map { $self->{tables}{$_} } @World::ORDER;
	my @schemas = map { name($_) } 'copy a', 'copy b';

	return (
		(map { ("DROP SCHEMA IF EXISTS $_ CASCADE;", "CREATE SCHEMA $_;") } 'masters', @schemas),
		(map { $self->master($_) } @tables),
		(map { $self->relation($_) } @tables),
		(   map {
				(   "GRANT USAGE ON SCHEMA $_ TO app_user, poison_admin;",
					"GRANT SELECT ON ALL TABLES IN SCHEMA $_ TO app_user, poison_admin;")
			} 'masters',
			@schemas),
		chance(0.85) ? 'ANALYZE;' : ());
}

# Its relations in a few words.
sub described
{
	my ($self) = @_;

	return join ', ', map {
		my $table = $self->{tables}{$_};

		"$_ $table->{kind}" . ($table->{tenant} ? " by $table->{tenant_type}" : '')
	} @World::ORDER;
}

1;
