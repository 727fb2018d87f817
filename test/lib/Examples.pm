# Which keys stand where in the examples of the documents that t/docs runs: in their blocks of SQL
# and JSON, but not in the answers.
#
#   my $examples = Examples->new(map { slurp($_) } @documents);
#   $examples->has(qr{/config$}, 'colors')    is there such a key in an object at such a place?
#
# The place of an object is the way to it: the function that it is an argument of, or the key that
# jsonb_build_object has before it, and the keys from there ("prismiq_dashboard_create/layout").
# Elements of a list have the list's. In a call that builds its argument the keys are known too.
package Examples;

use strict;
use warnings;
use JSON::PP;

# Where the lists of keys that readers have stand in what people write, or why they need no example.
my $answers = qr{prismiq_(?:dashboard_data|widget_\w+|query_preview)};
my $documents = qr{prismiq_(?:dashboard_import|provided_set)};
my $configs = qr{prismiq_(?:schema_config|model)_set};
my $widgets = qr{prismiq_(?:dashboard_create/widgets|widget_add)};
my %place = (
	'base/object.c: sql_keys' => 'refused',
	'doc/doc_values.c: format_keys' => qr{/format$|^prismiq_internal\.format_value$},
	'doc/document.c: layout_keys' => qr{^prismiq_dashboard_create/layout$},
	'doc/document.c: layout_input_keys' => qr{^prismiq_dashboard_(?:create|import)/layout$},
	'doc/document.c: prismiq_position_keys' => qr{^$widgets/position$},
	'doc/document.c: option_keys' => qr{^prismiq_dashboard_create/filters/options$},
	'doc/document.c: config_keys' => qr{^prismiq_schema_config_set$},
	'doc/document.c: number_keys' => qr{/number$},
	'doc/document.c: table_config_keys' => qr{^$configs/tables/\w+$},
	'doc/document.c: column_config_keys' => qr{^$configs/tables/\w+/columns/\w+$},
	'doc/import.c: prismiq_import_keys' => qr{^$documents$},
	'doc/import.c: import_query_keys' => qr{^$documents/saved_queries$},
	'doc/import.c: import_option_keys' => qr{^prismiq_dashboard_import$},
	'doc/import.c: provided_option_keys' => qr{^prismiq_provided_set$},
	'doc/input.c: prismiq_dashboard_keys' => qr{^prismiq_dashboard_create$},
	'doc/input.c: dashboard_change_keys' => qr{^prismiq_dashboard_(?:create|update)$},
	'doc/input.c: saved_query_keys' => qr{^prismiq_saved_query_create$},
	'doc/input.c: saved_query_change_keys' => qr{^prismiq_saved_query_(?:create|update)$},
	'doc/input.c: list_keys' => qr{^prismiq_(?:dashboard|saved_query)_list$},
	'doc/input_widgets.c: prismiq_widget_keys' => qr{^$widgets$},
	'doc/input_widgets.c: widget_change_keys' => qr{^prismiq_(?:widget_add|widget_update)$},
	'doc/input_widgets.c: move_keys' => qr{^prismiq_layout_update$},
	'doc/json_schema.c: schema_keys' =>
	  qr{^prismiq_widget_types/metric(?:/properties/\w+|/items)*$},
	'doc/widget_config.c: prismiq_widget_config_keys' => qr{/config$},
	'doc/widget_config.c: click_keys' => qr{/config/click$},
	'doc/widget_config.c: threshold_keys' => qr{/config/thresholds$},
	'doc/widget_config.c: mapping_keys' => qr{/config/status_mapping$},
	'doc/widget_config.c: trend_keys' => qr{/config/trend$},
	'doc/widget_config.c: period_keys' => qr{/config/trend/period$},
	'doc/widget_config.c: sparkline_keys' => qr{/config/sparkline$},
	'doc/widget_config.c: annotation_keys' => qr{/config/annotations$},
	'doc/widget_config.c: column_keys' => qr{/config/columns$},
	'doc/widget_config.c: drill_down_keys' => qr{/config/drill_down$},
	'model/known_keys.c: prismiq_query_keys' => qr{^json$|^prismiq_query$|query$},
	'model/known_keys.c: prismiq_table_keys' => qr{tables$|^prismiq_query$},
	'model/known_keys.c: prismiq_column_keys' => qr{columns$},
	'model/known_keys.c: prismiq_argument_keys' => qr{/args$},
	'model/known_keys.c: prismiq_test_keys' => qr{(?:filters|having|qualify|and|or|not)$},
	'model/known_keys.c: prismiq_model_keys' => qr{^prismiq_model_set$},
	'model/known_keys.c: prismiq_relationship_keys' => qr{^prismiq_model_set/relationships$},
	'model/known_keys.c: prismiq_measure_keys' => qr{^prismiq_model_set/measures/\w+$},
	'model/known_keys.c: prismiq_window_keys' => qr{windows$},
	'model/merge.c: prismiq_filter_keys' => qr{^prismiq_dashboard_create/filters$},
	'read/read_dashboard.c: keys' => qr{^$answers/\w+$},
	'read/read_dashboard.c: number_keys' => qr{^$answers/\w+$},
	'read/read_fields.c: prismiq_field_keys' => qr{calculated_fields$},
	'read/read_filters.c: prismiq_date_window_keys' => qr{/value$},
	'read/read_filters.c: prismiq_query_value_keys' => qr{/value$},
	'read/read_filters.c: prismiq_group_keys' => qr{filters(?:/\w+)*$},
	'read/read_joins.c: prismiq_join_keys' => qr{joins$},
	'read/read_joins.c: prismiq_on_keys' => qr{joins/on$},
	'read/read_options.c: option_keys' => qr{^prismiq_(?:query|compile|explain)\w*$},
	'read/read_options.c: prismiq_widget_option_keys' => qr{^$answers$},
	'read/read_options.c: page_keys' => 'in the comment of prismiq_dashboard_page',
	'read/read_query.c: prismiq_grouped_keys' => qr{(?:group_by|partition_by)$},
	'read/read_query.c: prismiq_order_keys' => qr{order_by$},
	'read/read_refs.c: prismiq_sort_keys' => qr{sort$|windows/order_by$},
	'read/read_refs.c: prismiq_measure_own_keys' => 'refused beside a measure',
	'read/read_series.c: prismiq_series_keys' => qr{time_series$},
	'read/read_series.c: prismiq_range_keys' => qr{time_series/range$},
	'read/read_stages.c: prismiq_top_keys' => qr{top$},
	'read/read_stages.c: prismiq_compare_keys' => qr{compare$},
	'read/read_stages.c: prismiq_offset_keys' => qr{compare/period$},
	'read/read_stages.c: prismiq_pivot_keys' => qr{pivot$},
	'read/read_stages.c: prismiq_frame_keys' => qr{windows/frame$},
	'read/read_values.c: prismiq_param_keys' => qr{params/\w+$},
	'read/read_values.c: prismiq_param_use_keys' => qr{/value$},
	'run/dense_grid.c: grid_keys' => 'in the comment of prismiq_dense',
);

# What is read only to be refused.
my %refused = map { $_ => 1 } ('doc/input.c: sql', 'read/read_options.c: cache');

sub new
{
	my ($class, @documents) = @_;
	my $self = bless { places => {} }, $class;

	for my $text (@documents)
	{
		while ($text =~ /^```(json|sql)([^\n]*)\n(.*?)^```/msg)
		{
			my ($kind, $rest, $block) = ($1, $2, $3);

			next if $rest =~ /answer/;
			if ($kind eq 'sql')
			{
				$self->_read_sql($block);
			}
			else
			{
				my $key = $rest =~ /^ ([a-z]\w*)/ ? $1 : undef;

				$self->{places}{json}{$key} = 1 if defined $key;
				$self->_walk(_decoded($block), defined $key ? "json/$key" : 'json');
			}
		}
	}
	return $self;
}

# Is there a key in an object at a place that matches?
sub has
{
	my ($self, $place, $key) = @_;

	return grep { $_ =~ $place && $self->{places}{$_}{$key} } keys %{ $self->{places} };
}

# What is wrong: keys of the readers' lists that stand in no example, lists of which it is not known
# where they stand, and the other way round. "text" is {file of src/: its text}.
sub complaints
{
	my ($self, %text) = @_;
	my (%known, @complaints);

	for my $file (sort keys %text)
	{
		my $name = $file =~ s{^src/}{}r;
		my $code = $text{$file} =~ s{/\*.*?\*/}{}gsr;

		while ($code =~ /\bconst (\w*keys)\[\] = \{(.*?)\};/gs)
		{
			my ($list, $keys) = ("$name: $1", $2);
			my $place = $place{$list};

			$known{$list} = 1;
			push @complaints, "$list: where do these keys stand?" if !defined $place;
			next if !ref $place;
			push @complaints, map { "$list: $_" }
			  grep { !$refused{"$name: $_"} && !$self->has($place, $_) } $keys =~ /"([^"]+)"/g;
		}
	}
	return @complaints, map { "there is no $_" } grep { !$known{$_} } sort keys %place;
}

# JSON as Perl has it; nothing where it is none.
sub _decoded
{
	my ($text) = @_;

	return eval { JSON::PP->new->utf8->decode($text) };
}

# Note the keys of all objects in a value.
sub _walk
{
	my ($self, $value, $place) = @_;

	if (ref $value eq 'ARRAY')
	{
		$self->_walk($_, $place) for @$value;
	}
	elsif (ref $value eq 'HASH')
	{
		for my $key (keys %$value)
		{
			$self->{places}{$place}{$key} = 1;
			$self->_walk($value->{$key}, "$place/$key");
		}
	}
	return;
}

# The literals of a block of SQL. One before a comma may be a key of what is built.
sub _read_sql
{
	my ($self, $block) = @_;
	my ($function, $key) = ('', undef);

	while ($block =~ /\G(?: (prismiq_[\w.]+)\s*\( | '((?:[^']|'')*)'(\s*,)? | --[^\n]* | . )/gsx)
	{
		my ($called, $literal, $comma) = ($1, $2, $3);

		$function = $called if defined $called;
		next if !defined $literal;
		$literal =~ s/''/'/g;
		if ($literal =~ /^\s*[\[{]/)
		{
			$self->_walk(_decoded($literal), defined $key ? "$function/$key" : $function);
			$key = undef;
		}
		elsif ($comma && $literal =~ /^\w+$/)
		{
			$self->{places}{$function}{$literal} = 1;
			$key = $literal;
		}
		else
		{
			$key = undef;
		}
	}
	return;
}

1;
