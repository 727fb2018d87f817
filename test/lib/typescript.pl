#!/usr/bin/perl
# docs/prismiq.d.ts: types of TypeScript out of the JSON Schema of a definition,
# which is read from the standard input, and the types of all else, which stand
# in the file that is named:
#
#   test/lib/typescript.pl test/lib/answers.d.ts <schema.json
#
# It knows of JSON Schema what prismiq_definition_schema() uses.

use strict;
use warnings;
use JSON::PP;

my $json = JSON::PP->new->allow_nonref->canonical;
my $schema = $json->decode(do { local $/; <STDIN> });

# What a definition is called here.
my %named = (query => 'Definition');

sub type_name
{
	my ($name) = @_;

	return $named{$name} // join('', map { ucfirst } split /_/, $name);
}

# Words that a pattern of ours means ("^([aA][bB]|...)$"), as they may be written; or nothing.
sub words_of
{
	my ($pattern) = @_;

	return if $pattern !~ /^\^\(((?:\[\w\w\]|\w|\|)+)\)\$$/;
	return map { s/\[(\w)\w\]/$1/gr } split /\|/, $1;
}

# What a text that fits a pattern is.
sub text_type
{
	my ($pattern) = @_;
	my @words = words_of($pattern);

	return map { ($json->encode($_), $json->encode(uc)) } @words if @words;
	return "`$1\${number}_\${" . join(' | ', map { $json->encode($_) } split /\|/, $2) . '}`'
	  if $pattern =~ /^\^(\w+_)\[0-9\]\+_\(([\w|]+)\)\$$/;
	return 'string';
}

# One of the types, each said once; where any text may stand no words need be said.
sub union
{
	my %seen;
	my @types = grep { !$seen{$_}++ } @_;

	@types = grep { !/^["`]/ } @types if $seen{string};
	return @types > 1 ? join(' | ', @types) : $types[0];
}

sub primitive
{
	my ($type, $node) = @_;

	return text_type($node->{pattern}) if $type eq 'string' && $node->{pattern};
	return 'number' if $type eq 'integer';
	return $type;
}

# A line that is too long, on several.
sub filled
{
	my ($text, $indent) = @_;
	my $line = '';
	my @lines;

	return $text if $text =~ /\n./ || length $text <= 100;
	for my $part (split / (?=\|)/, $text)
	{
		if (length("$line $part") > 100)
		{
			push @lines, $line;
			$line = $indent . $part;
		}
		else
		{
			$line .= ($line eq '' ? '' : ' ') . $part;
		}
	}
	return join("\n", @lines, $line);
}

# The members of an object, of which some must be there.
sub members
{
	my ($node, $indent) = @_;
	my %required = map { $_ => 1 } @{ $node->{required} // [] };
	my $properties = $node->{properties} // {};
	my $text = '';

	for my $key (sort { !!$required{$b} <=> !!$required{$a} || $a cmp $b } keys %$properties)
	{
		my $value = $properties->{$key};

		$text .= "$indent  /** $value->{description} */\n" if $value->{description};
		$text .= filled("$indent  $key" . ($required{$key} ? '' : '?') . ': '
			  . type_of($value, "$indent  ") . ";\n", "$indent    ");
	}
	return "{\n$text$indent}";
}

# The types of which a value has one.
sub types_of
{
	my ($node, $indent) = @_;
	my $type = $node->{type} // ($node->{properties} ? 'object' : '');

	return '{}' if $node->{not};			# nothing but null is refused
	return type_name($1) if ($node->{'$ref'} // '') =~ m{([^/]+)$};
	return map { $json->encode($_) } @{ $node->{enum} } if $node->{enum};
	return map { primitive($_, $node) } @$type if ref $type;
	if ($type eq 'array')
	{
		my $item = type_of($node->{items}, $indent);

		return "[$item, $item]" if ($node->{maxItems} // 0) == 2;
		return $item =~ / \| / ? "($item)[]" : $item . '[]';
	}
	if ($type eq 'object')
	{
		my $others = $node->{additionalProperties};
		my @parts = $node->{properties} ? members($node, $indent)
		  : 'Record<string, ' . type_of($others, $indent) . '>';

		push @parts, '(' . type_of($_, $indent) . ')' for @{ $node->{allOf} // [] };
		return join(' & ', @parts);
	}
	return map { types_of($_, $indent) } @{ $node->{anyOf} } if $node->{anyOf};
	return $type ? primitive($type, $node) : 'unknown';
}

sub type_of
{
	return union(types_of(@_));
}

print <<'END';
// Types of what Prismiq takes and answers, for TypeScript.
//
// Made by `make docs`, of prismiq_definition_schema() and test/lib/answers.d.ts; do not edit it.
// The compiler checks it against answers of a database (test/http/types.mjs).

// ---- query definitions --------------------------------------------------------
END
for my $name (sort keys %{ $schema->{'$defs'} })
{
	my $node = $schema->{'$defs'}{$name};

	print "\n/** $node->{description} */\nexport type ", type_name($name), ' = ',
	  type_of($node, ''), ";\n";
}
open my $others, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
print "\n", <$others>;
