-- A question without a context.
SET ROLE app_user;
SELECT prismiq_query('{"tables": [{"id": "f", "name": "flights"}],
	"columns": [{"table_id": "f", "column": "*", "aggregation": "count"}]}');
