package World;

# A small random shop: a star of facts around orders, a snowflake of products
# and categories, of three tenants. Keys may be declared or not, rows may be
# there twice, references may be null or lead nowhere, tables may be partitioned
# or shared. Every table has "rid", which tells its rows apart for the oracle;
# nothing in the catalogs says so.

use strict;
use warnings;

our @TENANTS = ('acme', 'beta', "o'hara \\ co");

# [column, type, the table it refers to]
my %SHAPE = (
	categories => [
		[ id => 'integer' ], [ parent_id => 'integer', 'categories' ], [ name => 'text' ],
		[ rank => 'integer' ] ],
	products => [
		[ id => 'integer' ], [ category_id => 'integer', 'categories' ], [ sku => 'text' ],
		[ price => 'numeric(12,2)' ], [ weight => 'double precision' ], [ kind => 'KIND' ],
		[ tags => 'text[]' ], [ margin => 'PRICE' ] ],
	customers => [
		[ id => 'integer' ], [ region => 'text' ], [ score => 'real' ], [ active => 'boolean' ],
		[ since => 'date' ], [ referred_by => 'integer', 'customers' ], [ key => 'uuid' ],
		[ opens => 'time' ] ],
	orders => [
		[ id => 'integer' ], [ customer_id => 'integer', 'customers' ],
		[ amount => 'numeric(12,2)' ], [ discount => 'double precision' ],
		[ status => 'varchar(12)' ], [ channel => 'KIND' ], [ placed_at => 'timestamptz' ],
		[ local_at => 'timestamp' ], [ shipped => 'date' ], [ big => 'bigint' ],
		[ small => 'smallint' ], [ took => 'interval' ], [ paid => 'boolean' ] ],
	items => [
		[ order_id => 'integer', 'orders' ], [ line => 'integer' ],
		[ product_id => 'integer', 'products' ], [ quantity => 'integer' ],
		[ 'Unit price' => 'PRICE' ], [ note => 'text' ], [ doc => 'jsonb' ] ],
	refunds => [
		[ id => 'integer' ], [ order_id => 'integer', 'orders' ], [ amount => 'numeric' ],
		[ refunded => 'timestamptz' ], [ reason => 'text' ] ]);
my %KEY = (items => [ 'order_id', 'line' ]);
our %SIZE = (
	categories => 5, products => 8, customers => 8, orders => 22, items => 36, refunds => 12);
my %TIME = (customers => 'since', orders => 'placed_at', refunds => 'refunded');
our @ORDER = qw(categories products customers orders items refunds);

our @TEXTS = ('north', 'south', 'NORTH', '', ' ', 'a%b', 'a_b', 'a\\b', '=1+1', '"q"', "it's",
	"two\nlines", 'a,b', "\x{d1}and\x{fa}", '-1', '@x', "\t");
# With values inside that fit their types and that do not (Question::inside).
our @DOCUMENTS = ('{"a": 1}', '[]', '"x"', '{"a": 1.50}',
	'{"a": 7.25, "t": "north", "b": true, "d": "2024-03-10", "n": [1, "2"]}',
	'{"a": "12.50", "t": "South", "b": "no", "d": "2024-04-02", "n": [3, {"x": 4}]}',
	'{"a": "0", "t": "", "b": false, "d": "2024-03-31", "n": {"1": 5}}',
	'{"a": [1], "t": {"x": 1}, "b": 1, "n": []}',
	'{"a": null, "t": 12.50, "b": null, "d": null, "n": [1, "-7"]}',
	'{"t": true, "d": "2024-04-30", "n": ["1", "2"]}');
our @KINDS = ('web', 'phone', 'in store');

sub quoted { my ($text) = @_; $text =~ s/'/''/g; return "'$text'"; }
sub name { my ($text) = @_; $text =~ s/"/""/g; return qq("$text"); }

sub chance { my ($share) = @_; return rand() < $share; }
sub pick { return $_[ int rand @_ ]; }

# The type without its modifier, as questions go by it.
sub plain_type
{
	my ($type) = @_;

	$type =~ s/\(.*\)//;
	return $type;
}

# A moment in spring 2024, when clocks change, or of these days.
sub moment
{
	my ($zoned) = @_;

	return "transaction_timestamp()" . ($zoned ? '' : '::timestamp')
	  . sprintf(" - interval '%d hours'", rand 400)
	  if chance(0.15);
	return sprintf("%s '2024-%02d-%02d %02d:%02d:00%s'", $zoned ? 'timestamptz' : 'timestamp',
		3 + int rand 2, 1 + int rand 30, rand 24, pick(0, 15, 30, 59), $zoned ? ' UTC' : '');
}

# A value of a type as an SQL literal.
sub literal
{
	my ($self, $type) = @_;

	return 'NULL' if chance(0.12);
	$type = plain_type($type);
	return int(rand 16) - 3 if $type eq 'integer' || $type eq 'smallint';
	return pick('9007199254740993', '-9007199254740995', '4', '12', '3000000000')
	  if $type eq 'bigint';
	return sprintf '%.2f', rand(300) - 20 if $type eq 'numeric' && chance(0.7);
	return pick('3', '12', '7.125', '0.000001', '-2') if $type eq 'numeric';
	return sprintf '%.2f', rand 90 if $type eq 'PRICE';
	return (int(rand 400) - 40) / 4 if $type eq 'real' || $type eq 'double precision';
	return pick('true', 'false') if $type eq 'boolean';
	return quoted(pick(@KINDS)) if $type eq 'KIND';
	return quoted(pick(@TEXTS[ 0 .. 9 ])) if $type eq 'varchar';
	return quoted(pick(@TEXTS)) if $type eq 'text';
	return sprintf "'%08x-0000-4000-8000-00000000000%d'", rand 5, rand 3 if $type eq 'uuid';
	return pick(q('{}'), q('{a}'), q('{a,b}'), q('{NULL,"x y"}')) if $type eq 'text[]';
	return quoted(pick(@DOCUMENTS)) if $type eq 'jsonb';
	return sprintf "'%d minutes'", rand 5000 if $type eq 'interval';
	return sprintf "'%02d:%02d:07.5'", rand 24, rand 60 if $type eq 'time';
	return quoted('infinity') if $self->{infinite} && chance(0.06);
	return moment(1) if $type eq 'timestamptz';
	return moment(0) if $type eq 'timestamp';
	return '(' . moment(0) . ')::date' if $type eq 'date';
	die "no literal of $type";
}

# What other tenants have: extremes that a careless cast or pattern trips over.
my %POISON = (
	integer => ['2147483647'], smallint => ['-32768'], bigint => ['9223372036854775807'],
	numeric => [ "'NaN'", '1e100', "'Infinity'" ], 'double precision' => [ "'NaN'", '1e308' ],
	real => [ "'NaN'", "'-Infinity'" ], text => [ q('a\\\\'), q('\\'), "repeat('x', 3000)", "'('" ],
	varchar => [ q('\\'), "'1/0'" ],
	timestamptz => [ "'infinity'", "'-infinity'", "'294276-01-01'" ],
	timestamp => [ "'infinity'", "'4713-01-01 BC'" ], date => [ "'infinity'", "'5874897-12-31'" ],
	interval => ["'178000000 years'"], time => ["'24:00'"], boolean => ['true'], KIND => [q('phone')],
	'text[]' => [q('{"\\\\"}')], jsonb => [ q('"\\\\"'), 'NULL' ], uuid => ['gen_random_uuid()'],
	PRICE => ['0']);

sub poison
{
	my ($self, $type) = @_;

	return pick("'NaN'", '9999999999') if $type =~ /^numeric\(/;
	return pick(@{ $POISON{ plain_type($type) } });
}

# How rows of a table are told apart, and what refers to what.
sub choose
{
	my ($self, $name) = @_;
	my $table = $self->{tables}{$name};
	my @references = grep { $_->[2] } @{ $table->{columns} };

	$table->{key} = pick('primary', 'primary', 'primary', 'unique', 'nullable', 'global', 'none');
	# A key that is another table's needs no orphans; one's own values are simple.
	$table->{key} = pick('primary', 'unique', 'none') if $name eq 'items';
	$table->{partitioned} = chance(0.2) && $table->{key} ne 'global' && $table->{tenant};
	for my $reference (@references)
	{
		my $parent = $self->{tables}{ $reference->[2] };

		$table->{orphans}{ $reference->[0] } = !(($parent->{key} // '') eq 'primary'
			&& ($table->{tenant} || !$parent->{tenant}) && $reference->[2] ne $name
			&& !$parent->{partitioned} && chance(0.6));
	}
	return;
}

sub new
{
	my ($class, $number) = @_;
	my $self = bless { schema => "world $number", tables => {}, infinite => chance(0.3) }, $class;
	my $shared = chance(0.3);

	for my $name (@ORDER)
	{
		$self->{tables}{$name} = {
			name => $name,
			tenant => !($shared && $name =~ /^(?:categories|products)$/)
			? pick('tenant', 'tenant', 'org') : undef,
			columns => $SHAPE{$name},
			time => $TIME{$name}
		};
		$self->choose($name);
	}
	return $self;
}

# Is there one row at most for these columns and the tenant?
sub is_declared
{
	my ($self, $name) = @_;

	return $self->{tables}{$name}{key} =~ /^(?:primary|unique|global|nullable)$/;
}

sub qualified
{
	my ($self, $name) = @_;

	return name($self->{schema}) . '.' . name($name);
}

# One row of VALUES; "number" is its number in its tenant.
sub row
{
	my ($self, $table, $tenant, $number, $poisoned) = @_;
	my @key = @{ $KEY{ $table->{name} } // ['id'] };
	my @values = ($table->{tenant} ? quoted($TENANTS[$tenant]) : ());

	for my $column (@{ $table->{columns} })
	{
		my ($name, $type, $parent) = @$column;
		my $value;

		if ($name eq 'id')
		{
			$value = $table->{key} eq 'global' ? $number + 1000 * $tenant : $number;
			$value = 'NULL' if $table->{key} eq 'nullable' && $number % 6 == 0;
		}
		elsif ($name eq 'line')
		{
			$value = $table->{key} eq 'none' ? 1 + int rand 3 : $number;
		}
		elsif ($parent)
		{
			my $size = $SIZE{$parent} - ($table->{orphans}{$name} ? -2 : 0);

			$size = int(3 * $size / 4) if !$table->{orphans}{$name};
			$value = 1 + int rand $size;
			$value += 1000 * $tenant
			  if $self->{tables}{$parent}{key} eq 'global' && $self->{tables}{$parent}{tenant};
			$value = 'NULL' if chance(0.12) && $name ne 'order_id';
		}
		else
		{
			$value = $poisoned ? $self->poison($type) : $self->literal($type);
		}
		push @values, $value;
	}
	return '(' . join(', ', @values) . ')';
}

# The key or index that is declared, as statements.
sub declare
{
	my ($self, $name) = @_;
	my $table = $self->{tables}{$name};
	my @columns = @{ $KEY{$name} // ['id'] };
	my $where = $self->qualified($name);

	unshift @columns, $table->{tenant} if $table->{tenant} && $table->{key} ne 'global';
	@columns = reverse @columns if chance(0.3);
	my $list = join ', ', map { name($_) } @columns;

	return "ALTER TABLE $where ADD PRIMARY KEY ($list);"
	  if $table->{key} eq 'primary' || $table->{key} eq 'global';
	return join ' ', (map { "ALTER TABLE $where ALTER " . name($_) . ' SET NOT NULL;' } @columns),
	  "CREATE UNIQUE INDEX ON $where ($list);"
	  if $table->{key} eq 'unique';
	return "CREATE UNIQUE INDEX ON $where ($list);" if $table->{key} eq 'nullable';
	return '';
}

# Foreign keys where every reference leads somewhere.
sub refer
{
	my ($self, $name) = @_;
	my $table = $self->{tables}{$name};
	my @out;

	for my $column (@{ $table->{columns} })
	{
		my ($own, undef, $parent) = @$column;

		next if !$parent || $table->{orphans}{$own};
		my $other = $self->{tables}{$parent};
		my @one = ($other->{tenant} ? $table->{tenant} : (), $own);
		my @two = ($other->{tenant} // (), 'id');

		push @out, sprintf 'ALTER TABLE %s ADD FOREIGN KEY (%s) REFERENCES %s (%s)'
		  . ' ON DELETE CASCADE;', $self->qualified($name), join(', ', map { name($_) } @one),
		  $self->qualified($parent), join(', ', map { name($_) } @two);
	}
	return @out;
}

# Everything: types, tables, rows, keys, exposures.
sub statements
{
	my ($self) = @_;
	my $schema = name($self->{schema});

	return if $self->{flights};
	my @out = ("CREATE SCHEMA $schema;", "GRANT USAGE ON SCHEMA $schema TO app_user;",
		"CREATE TYPE $schema.kind AS ENUM (" . join(', ', map { quoted($_) } @KINDS) . ');',
		"CREATE DOMAIN $schema.price AS numeric(12,2) CHECK (VALUE >= 0);");

	for my $name (@ORDER)
	{
		my $table = $self->{tables}{$name};
		my $where = $self->qualified($name);
		my @columns = map { [ $_->[0], $_->[1] ] } @{ $table->{columns} };

		unshift @columns, [ $table->{tenant}, 'text NOT NULL' ] if $table->{tenant};
		my $list = join ', ', map {
			my $type = $_->[1];
			$type = "$schema." . lc $type if $type =~ /^(?:KIND|PRICE)$/;
			name($_->[0]) . " $type"
		} @columns;
		my $names = join ', ', map { name($_->[0]) } @columns;

		push @out, "CREATE TABLE $where ($list, rid integer DEFAULT nextval('fuzz.rids'))"
		  . ($table->{partitioned} ? ' PARTITION BY LIST (' . name($table->{tenant}) . ')' : '')
		  . ';';
		if ($table->{partitioned})
		{
			push @out, 'CREATE TABLE ' . $self->qualified("$name 1") . " PARTITION OF $where"
			  . " FOR VALUES IN ('acme');",
			  'CREATE TABLE ' . $self->qualified("$name 2") . " PARTITION OF $where DEFAULT;";
		}
		for my $tenant ($table->{tenant} ? (0 .. $#TENANTS) : (0))
		{
			my @rows = map { $self->row($table, $tenant, $_) } 1 .. $SIZE{$name};

			push @rows, map { $rows[$_] } 0 .. 2 if $table->{key} eq 'none';
			push @out, "INSERT INTO $where ($names) VALUES\n  " . join(",\n  ", @rows) . ';';
		}
		push @out, $self->declare($name);
		push @out, sprintf 'SELECT FROM prismiq.prismiq_expose(%s, %s%s);', quoted($where),
		  $table->{tenant} ? 'tenant_column => ' . quoted($table->{tenant}) : 'shared => true',
		  $table->{time} ? ', time_column => ' . quoted($table->{time}) : '';
	}
	push @out, map { $self->refer($_) } @ORDER;
	push @out, "GRANT SELECT ON ALL TABLES IN SCHEMA $schema TO app_user;";
	push @out, map { 'ANALYZE ' . $self->qualified($_) . ';' } @ORDER if chance(0.5);
	return grep { $_ ne '' } @out;
}

# The tenant that asks.
sub tenant { my ($self) = @_; return $self->{flights} ? 'NH' : 'acme'; }

# What makes expressions over its tables.
sub expressions { return 'Expression'; }

# The column that tells a table's rows apart.
sub rid
{
	my ($self, $name) = @_;
	my $table = $self->{tables}{$name};

	return $table && $table->{rid} ? $table->{rid} : 'rid';
}

# The flights of one small state, and the airports of all.
sub flights
{
	my ($class) = @_;

	return bless {
		schema => 'public', flights => 1,
		tables => {
			flights => {
				name => 'flights', tenant => 'state', rid => 'id', time => 'departed_at',
				columns => [
					[ departed_at => 'timestamp' ], [ delay => 'integer' ],
					[ distance => 'integer' ], [ origin => 'text', 'airports' ],
					[ destination => 'text', 'airports' ] ]
			},
			airports => {
				name => 'airports', rid => 'iata',
				columns => [
					[ city => 'text' ], [ state => 'text' ],
					[ latitude => 'double precision' ], [ longitude => 'double precision' ] ]
			}
		}
	}, $class;
}

# What other tenants do meanwhile.
sub upheaval
{
	my ($self) = @_;
	my @out;

	return ("DELETE FROM flights WHERE state <> 'NH' AND id % 5 = 0;",
		"UPDATE flights SET delay = 2147483647, departed_at = 'infinity' WHERE state <> 'NH'"
		  . ' AND id % 4 = 0;',
		'INSERT INTO flights (id, departed_at, delay, origin, destination, state)'
		  . " SELECT n, '-infinity', -2147483648, 'MHT', 'MHT', 'VT'"
		  . ' FROM generate_series(100001, 100100) AS n;')
	  if $self->{flights};

	for my $name (@ORDER)
	{
		my $table = $self->{tables}{$name};
		my $where = $self->qualified($name);

		next if !$table->{tenant};
		my $tenant = name($table->{tenant});
		my $names = join ', ', map { name($_) } $table->{tenant},
		  map { $_->[0] } @{ $table->{columns} };

		push @out, sprintf 'DELETE FROM %s WHERE %s <> %s AND rid %% 3 = 0;', $where, $tenant,
		  quoted('acme');
		for my $column (@{ $table->{columns} })
		{
			next if $column->[2] || $column->[0] =~ /^(?:id|line)$/ || chance(0.5);

			push @out, sprintf 'UPDATE %s SET %s = %s WHERE %s <> %s AND rid %% 2 = 0;', $where,
			  name($column->[0]), $self->poison($column->[1]), $tenant, quoted('acme');
		}
		next if grep { $_->[2] && !$table->{orphans}{ $_->[0] } } @{ $table->{columns} };
		my @rows;

		for my $number (501 .. 504)
		{
			push @rows, map { $self->row($table, $_, $number, 1) } 1 .. $#TENANTS;
		}
		push @out, "INSERT INTO $where ($names) VALUES\n  " . join(",\n  ", @rows) . ';';
	}
	return @out;
}

1;
