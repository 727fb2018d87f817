package Rooms;

# The graph of a tree of C files: which file includes which, and which calls a
# function, or names a variable, that another one defines. On it: what leads
# upwards or sideways between rooms, and what leads in a circle inside one.

use strict;
use warnings;
use File::Basename qw(basename);

# Of the names of files, their text, and the text without comments and strings.
sub new
{
	my ($class, %self) = @_;
	my $self = bless {%self, home => {}, edges => {}}, $class;

	$self->find_definitions;
	$self->find_edges;
	return $self;
}

sub room
{
	my ($name) = @_;

	return $name =~ m{^src/([^/]+)/} ? $1 : '';
}

# Where everything that is not static is defined. A header defines its types,
# constants and inline functions, and only declares the rest.
sub find_definitions
{
	my ($self) = @_;

	for my $name (@{ $self->{files} })
	{
		my $code = $self->{bare}{$name};
		my @names;

		if ($name =~ /\.c$/)
		{
			while ($code =~ /^([^\n;{}#]*)\n(prismiq_\w+)\([^;{}]*\)\s*\n\{/mg)
			{
				push @names, $2 if $1 !~ /\bstatic\b/;
			}
			push @names, $1
			  while $code =~
			  /^(?!static|extern|typedef)\w[\w \*]*?\b(prismiq_\w+)(?:\[\w*\])?\s*[=;]/mg;
		}
		else
		{
			push @names, $1 while $code =~ /^\}\s*(Prismiq\w+);/mg;
			push @names, $1 while $code =~ /^#define\s+(PRISMIQ_\w+|Prismiq\w+)/mg;
			push @names, $1 while $code =~ /^(prismiq_\w+)\([^;{}]*\)\s*\n\{/mg;
		}
		$self->{home}{$_} //= $name for grep { !/_H$/ } @names;
	}
	return;
}

# What each file needs of the others, with the names that it needs.
sub find_edges
{
	my ($self) = @_;

	for my $name (@{ $self->{files} })
	{
		my %seen;

		while ($self->{bare}{$name} =~ /\b(prismiq_\w+|Prismiq\w+|PRISMIQ_\w+)\b/g)
		{
			my $word = $1;
			my $home = $self->{home}{$word};

			$self->{edges}{$name}{$home}{$word} = 1
			  if defined $home && $home ne $name && !$seen{$word}++;
		}
		while ($self->{text}{$name} =~ /^#include "([^"]+)"/mg)
		{
			$self->{edges}{$name}{"src/$1"}{"\"$1\""} = 1 if exists $self->{bare}{"src/$1"};
		}
	}
	return;
}

# Edges that lead to a room which is not below, or is shut ("room room").
sub upward
{
	my ($self, $rank, $shut) = @_;
	my @found;

	for my $from (sort keys %{ $self->{edges} })
	{
		for my $to (sort keys %{ $self->{edges}{$from} })
		{
			my ($here, $there) = (room($from), room($to));

			push @found, "$from needs " . join(', ', sort keys %{ $self->{edges}{$from}{$to} })
			  . " of $to"
			  if $here ne $there
			  && (!exists $rank->{$here} || !exists $rank->{$there}
				  || $rank->{$there} >= $rank->{$here} || $shut->{"$here $there"});
		}
	}
	return @found;
}

# Circles inside rooms (Tarjan's algorithm), each as "room: names in order".
# Headers are left out: what stands in a room's header is of the whole room.
sub circles
{
	my ($self) = @_;
	my (%index, %low, %open, @stack, @found);
	my $visit;

	$visit = sub {
		my ($name) = @_;

		$index{$name} = $low{$name} = keys %index;
		push @stack, $name;
		$open{$name} = 1;
		for my $next (sort keys %{ $self->{edges}{$name} // {} })
		{
			next if $next !~ /\.c$/ || room($next) ne room($name);
			if (!exists $index{$next})
			{
				$visit->($next);
				$low{$name} = $low{$next} if $low{$next} < $low{$name};
			}
			elsif ($open{$next})
			{
				$low{$name} = $index{$next} if $index{$next} < $low{$name};
			}
		}
		return if $low{$name} != $index{$name};
		my @circle;
		do { push @circle, pop @stack; $open{ $circle[-1] } = 0; } while $circle[-1] ne $name;
		push @found,
		  room($name) . ': ' . join(' ', sort map { basename($_, '.c') } @circle)
		  if @circle > 1;
		return;
	};
	for my $name (grep { /\.c$/ } @{ $self->{files} })
	{
		$visit->($name) if !exists $index{$name};
	}
	return sort @found;
}

1;
