package Probe;

# A Question that puts what raises into every place of the language.

use strict;
use warnings;

use Condition;
use JSON::PP ();
use Question;
use Raising;
use World;

our @ISA = ('Question');

*chance = \&World::chance;
*pick = \&World::pick;

sub new
{
	my ($class, $world) = @_;
	my $self = $class->begin($world);

	$self->choose_tables;
	$self->choose_series if chance(0.25);
	$self->choose_fields if chance(0.95);
	$self->choose_filters;
	$self->choose_columns;
	$self->choose_related if chance(0.2);
	if ($self->{grouped})
	{
		$self->choose_windows if chance(0.2);
		$self->choose_totals if chance(0.12);
		$self->choose_top if chance(0.15);
		$self->choose_comparison if chance($self->{series} ? 0.15 : 0.25);
		$self->choose_qualify if chance(0.6);
	}
	$self->choose_order;
	$self->choose_pivot if $self->{grouped} && chance(0.1);
	$self->choose_part if chance(0.2);
	$self->choose_params if chance(0.15);
	return $self;
}

sub joins { return pick(0, 0, 0, 1, 1, 2); }
sub share_of_fields { return 0.65; }
sub share_of_arrays { return 0; }

# What is inside of a document never raises.
sub share_of_insides { return 0; }

# Which groups are shown goes by their own columns.
sub choose_qualify
{
	my ($self) = @_;
	my @outputs =
	  grep { ($_->{dim} && !$_->{bucket} && !$_->{json}{date_trunc}) } @{ $self->{outputs} };

	@outputs = grep { $_->{json}{column} =~ /^field/ } @outputs if chance(0.7);

	# The names of the rest are text under "top".
	return if !@outputs || $self->{top};
	for (0 .. int rand 2)
	{
		my $output = pick(@outputs);
		my ($json) = Condition::test($output->{type}, 'NULL', $self->{zone});

		push @{ $self->{def}{qualify} }, { column => $output->{name}, %$json };
	}
	return;
}

# A definition inside: half of them have a field, and a condition on it.
sub nested
{
	my ($self, $name) = @_;
	my ($table, $def, $from) = $self->SUPER::nested($name);

	if (chance(0.6))
	{
		my $field = Raising->new($self, $table)->field('inner');
		my ($json) = Condition::test($field->{type}, 'NULL', $self->{zone});

		$def->{calculated_fields} = [ { name => 'inner', expression => $field->{expression} } ];
		push @{ $def->{filters} }, { column => 'inner', %$json } if chance(0.5);
	}
	$self->{inside} = [ $table, $def ];
	return ($table, $def, $from);
}

# Its first column may raise before it has its value.
sub guard_inside
{
	my ($self) = @_;
	my ($table, $def) = @{ $self->{inside} };
	my $column = $def->{columns}[0];
	my $guarded = Raising->new($self, $table)->guarded($column->{column});

	return if !$guarded || chance(0.3);
	push @{ $def->{calculated_fields} }, { name => 'guarded', expression => $guarded };
	$column->{alias} //= $column->{column};
	$column->{column} = 'guarded';
	delete $column->{table_id};
	return;
}

sub choose_derived
{
	my ($self) = @_;

	delete $self->{inside};
	$self->SUPER::choose_derived;
	$self->guard_inside if $self->{inside};
	return;
}

sub in_query
{
	my ($self) = @_;

	delete $self->{inside};
	my ($json, $sql) = $self->SUPER::in_query;

	$self->guard_inside if $self->{inside};
	return ($json, $sql);
}

1;
