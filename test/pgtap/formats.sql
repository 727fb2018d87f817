-- Values as people read them: what is expected was written by hand, from the definition of each
-- format.
\set ON_ERROR_STOP on
\set show prismiq_internal.format_value

SET ROLE app_user;
SELECT no_plan();

-- Numbers of each format

SELECT is(:show(v::numeric, to_jsonb(f)), expected, format('%s of %s', f, v))
FROM (VALUES
    ('plain', '0', '0'), ('plain', '1234567', '1234567'), ('plain', '-1234.50', '-1234.50'),
    ('plain', '12345678901234567890.10', '12345678901234567890.10'),
    ('number', '0', '0'), ('number', '7', '7'), ('number', '-7', '-7'), ('number', '999', '999'),
    ('number', '1000', '1,000'), ('number', '-1000', '-1,000'), ('number', '1234567', '1,234,567'),
    ('number', '12.30', '12.3'), ('number', '12.00', '12'), ('number', '12.345', '12.35'),
    ('number', '12.344', '12.34'), ('number', '-12.345', '-12.35'), ('number', '0.005', '0.01'),
    ('number', '0.004', '0'), ('number', '-0.005', '-0.01'), ('number', '-0.004', '0'),
    ('number', '999.995', '1,000'), ('number', '999999.995', '1,000,000'),
    ('number', '12345678901234567890', '12,345,678,901,234,567,890'),
    ('number', '12345678901234567890.125', '12,345,678,901,234,567,890.13'),
    ('number', '99999999999999999999.995', '100,000,000,000,000,000,000'),
    ('currency', '0', '0.00'), ('currency', '1234.5', '1,234.50'), ('currency', '-0.005', '-0.01'),
    ('currency', '-0.004', '0.00'), ('currency', '0.995', '1.00'),
    ('percent', '12.3', '12.3%'), ('percent', '0', '0%'), ('percent', '100', '100%'),
    ('percent', '12.34', '12.3%'), ('percent', '12.35', '12.4%'), ('percent', '-12.35', '-12.4%'),
    ('percent', '99.95', '100%'), ('percent', '99.94', '99.9%'), ('percent', '0.04', '0%'),
    ('percent', '-0.04', '0%'), ('percent', '1234.5', '1,234.5%'),
    ('ratio', '0.123', '12.3%'), ('ratio', '0', '0%'), ('ratio', '1', '100%'),
    ('ratio', '-0.5', '-50%'), ('ratio', '0.1235', '12.4%'), ('ratio', '0.12345', '12.3%'),
    ('ratio', '0.9995', '100%'), ('ratio', '-0.0004', '0%'), ('ratio', '12.5', '1,250%'),
    ('compact', '0', '0'), ('compact', '5', '5'), ('compact', '5.25', '5.3'),
    ('compact', '999', '999'), ('compact', '999.94', '999.9'), ('compact', '999.95', '1K'),
    ('compact', '1000', '1K'), ('compact', '1234', '1.2K'), ('compact', '1250', '1.3K'),
    ('compact', '-1250', '-1.3K'), ('compact', '999949', '999.9K'), ('compact', '999950', '1M'),
    ('compact', '-999950', '-1M'), ('compact', '3400000', '3.4M'),
    ('compact', '5600000000', '5.6B'),
    ('compact', '999950000', '1B'), ('compact', '999949999', '999.9M'),
    ('compact', '999950000000', '1T'), ('compact', '1500000000000', '1.5T'),
    ('compact', '1234567890123456', '1,234.6T'), ('compact', '-0.04', '0'),
    ('duration', '0', '0s'), ('duration', '45', '45s'), ('duration', '0.4', '0s'),
    ('duration', '0.5', '1s'), ('duration', '59.4', '59s'), ('duration', '59.5', '1m 00s'),
    ('duration', '59.6', '1m 00s'), ('duration', '60', '1m 00s'), ('duration', '65', '1m 05s'),
    ('duration', '3599', '59m 59s'), ('duration', '3599.5', '1h 00m'),
    ('duration', '3600', '1h 00m'),
    ('duration', '7380', '2h 03m'), ('duration', '7409', '2h 03m'), ('duration', '7410', '2h 04m'),
    ('duration', '86369', '23h 59m'), ('duration', '86370', '1d 00h'),
    ('duration', '86400', '1d 00h'), ('duration', '363600', '4d 05h'),
    ('duration', '172799', '2d 00h'), ('duration', '-65', '-1m 05s'), ('duration', '-0.4', '0s'),
    ('duration', '-363600', '-4d 05h'), ('duration', '106758000', '1,235d 15h'),
    ('duration_ms', '0', '0s'), ('duration_ms', '499', '0s'), ('duration_ms', '500', '1s'),
    ('duration_ms', '45000', '45s'), ('duration_ms', '59499', '59s'),
    ('duration_ms', '59500', '1m 00s'), ('duration_ms', '65000', '1m 05s'),
    ('duration_ms', '7380000', '2h 03m'), ('duration_ms', '363600000', '4d 05h'),
    ('duration_ms', '-65000', '-1m 05s'),
    ('weekday', '0', 'Sunday'), ('weekday', '6', 'Saturday'), ('weekday', '3.0', 'Wednesday'),
    ('weekday', '7', '7'), ('weekday', '-1', '-1'), ('weekday', '1.5', '1.5'),
    ('month', '1', 'January'), ('month', '12', 'December'), ('month', '0', '0'),
    ('month', '13', '13'), ('month', '-3', '-3'), ('month', '2024', '2024'),
    ('bytes', '0', '0 B'), ('bytes', '1', '1 B'), ('bytes', '1023', '1023 B'),
    ('bytes', '1023.94', '1023.9 B'), ('bytes', '1023.95', '1 KB'), ('bytes', '1024', '1 KB'),
    ('bytes', '1536', '1.5 KB'), ('bytes', '-1536', '-1.5 KB'), ('bytes', '1075', '1 KB'),
    ('bytes', '1076', '1.1 KB'), ('bytes', '1048524', '1023.9 KB'), ('bytes', '1048525', '1 MB'),
    ('bytes', '1048576', '1 MB'), ('bytes', '1610612736', '1.5 GB'),
    ('bytes', '1099511627776', '1 TB'), ('bytes', '1125899906842624', '1 PB'),
    ('bytes', '1152921504606846976', '1 EB'), ('bytes', '2882303761517117440', '2.5 EB'))
    v (f, v, expected);

-- What is no number, under each format

SELECT is(:show(v::numeric, to_jsonb(f)), v, format('%s of %s', f, v))
FROM unnest('{plain, number, currency, percent, ratio, compact, duration, duration_ms, bytes, date,
              month}'::text[]) f, unnest('{NaN, Infinity, -Infinity}'::text[]) v;
SELECT is(:show(v::float8, '{"type": "currency", "currency": "USD", "prefix": "p", "suffix": "s"}'),
    v, format('nothing stands around %s', v)) FROM unnest('{NaN, Infinity, -Infinity}'::text[]) v;
SELECT is(:show(NULL::numeric, to_jsonb(f)), NULL, format('%s of null', f))
FROM unnest('{number, currency, duration, date}'::text[]) f;
SELECT is(:show(NULL::text, '{"prefix": "p"}'), NULL, 'nothing stands around null');

-- Currencies

SELECT is(:show(v::numeric, jsonb_build_object('type', 'currency', 'currency', c)), expected,
    format('%s %s', v, c))
FROM (VALUES
    ('USD', '1234.5', '$1,234.50'), ('USD', '-1234.5', '-$1,234.50'), ('USD', '0', '$0.00'),
    ('USD', '-0.001', '$0.00'), ('USD', '2.675', '$2.68'), ('USD', '999.995', '$1,000.00'),
    ('EUR', '1234.5', '€1,234.50'), ('GBP', '-3', '-£3.00'), ('INR', '100000', '₹100,000.00'),
    ('JPY', '1234.5', '¥1,235'), ('JPY', '-1234.4', '-¥1,234'), ('JPY', '-0.4', '¥0'),
    ('KRW', '5000', '₩5,000'), ('VND', '1000', '₫1,000'), ('CLP', '1500.5', 'CLP 1,501'),
    ('KWD', '1.2345', 'KWD 1.235'), ('KWD', '-12', '-KWD 12.000'), ('BHD', '0', 'BHD 0.000'),
    ('TND', '1234.5678', 'TND 1,234.568'), ('CLF', '1.23456', 'CLF 1.2346'),
    ('CHF', '1234.5', 'CHF 1,234.50'), ('CAD', '1', 'CA$1.00'), ('CNY', '1', 'CN¥1.00'),
    ('XYZ', '1.5', 'XYZ 1.50'), ('usd', '1', '$1.00'), ('jpy', '1', '¥1')) v (c, v, expected);

-- What may be said beside the name, and the configuration

SELECT is(:show(v::numeric, f::jsonb, c::jsonb), expected, concat_ws(' ', v, f, nullif(c, '{}')))
FROM (VALUES
    ('1234.5', '{"type": "number", "decimals": 2}', '{}', '1,234.50'),
    ('1234.5', '{"type": "number", "decimals": 0}', '{}', '1,235'),
    ('-0.4', '{"type": "number", "decimals": 0}', '{}', '0'),
    ('0.00001', '{"type": "number", "decimals": 5}', '{}', '0.00001'),
    ('1.005', '{"type": "number", "decimals": 2}', '{}', '1.01'),
    ('1234.5', '{"type": "plain", "decimals": 2}', '{}', '1234.50'),
    ('-1234.565', '{"decimals": 2}', '{}', '-1234.57'),
    ('12.3', '{"type": "percent", "decimals": 0}', '{}', '12%'),
    ('0.1', '{"type": "ratio", "decimals": 2}', '{}', '10.00%'),
    ('1234', '{"type": "compact", "decimals": 2}', '{}', '1.23K'),
    ('999995', '{"type": "compact", "decimals": 2}', '{}', '1.00M'),
    ('999994', '{"type": "compact", "decimals": 2}', '{}', '999.99K'),
    ('999499', '{"type": "compact", "decimals": 0}', '{}', '999K'),
    ('999500', '{"type": "compact", "decimals": 0}', '{}', '1M'),
    ('1', '{"type": "compact", "decimals": 1}', '{}', '1.0'),
    ('1536', '{"type": "bytes", "decimals": 0}', '{}', '2 KB'),
    ('1.25', '{"type": "duration", "decimals": 1}', '{}', '1.3s'),
    ('59.94', '{"type": "duration", "decimals": 1}', '{}', '59.9s'),
    ('59.95', '{"type": "duration", "decimals": 1}', '{}', '1m 00s'),
    ('250', '{"type": "duration_ms", "decimals": 2}', '{}', '0.25s'),
    ('5', '{"type": "currency", "currency": "USD", "decimals": 0}', '{}', '$5'),
    ('5', '{"type": "currency", "currency": "JPY", "decimals": 2}', '{}', '¥5.00'),
    ('5', '{"currency": "EUR"}', '{}', '€5.00'),
    ('12', '{"type": "number", "unit": "km"}', '{}', '12 km'),
    ('12', '{"unit": "km"}', '{}', '12 km'),
    ('12', '{"type": "number", "unit": "%"}', '{}', '12%'),
    ('1200', '{"type": "compact", "unit": "W"}', '{}', '1.2K W'),
    ('12', '{"type": "percent", "unit": "km"}', '{}', '12%'),
    ('65', '{"type": "duration", "unit": "s"}', '{}', '1m 05s'),
    ('-12', '{"type": "number", "prefix": "~", "suffix": " per day"}', '{}', '~-12 per day'),
    ('12', '{"type": "number", "prefix": "<", "unit": "kg", "suffix": ">"}', '{}', '<12 kg>'),
    ('1234.5', '"number"', '{"number": {"decimal": ",", "group": "."}}', '1.234,5'),
    ('1234567.5', '"number"', '{"number": {"decimal": ",", "group": " "}}', '1 234 567,5'),
    ('1234.5', '"number"', '{"number": {"group": ""}}', '1234.5'),
    ('1234.5', '"number"', '{"number": {"decimal": ","}}', '1,234,5'),
    ('-1234.5', '{"type": "currency", "currency": "EUR"}',
        '{"number": {"decimal": ",", "group": "."}}', '-€1.234,50'),
    ('999950', '"compact"', '{"number": {"decimal": ",", "group": "."}}', '1M'),
    ('1250', '"compact"', '{"number": {"decimal": ",", "group": "."}}', '1,3K'),
    ('12.3', '"percent"', '{"number": {"decimal": ",", "group": " "}}', '12,3%'),
    ('1536', '"bytes"', '{"number": {"decimal": ",", "group": "."}}', '1,5 KB'),
    ('1234.5', '"plain"', '{"number": {"decimal": ",", "group": "."}}', '1234.5'),
    ('1234.5', '"currency"', '{"currency": "GBP"}', '£1,234.50'),
    ('1234.5', '"currency"', '{"currency": "JPY"}', '¥1,235'),
    ('1234.5', '{"type": "currency", "currency": "USD"}', '{"currency": "GBP"}', '$1,234.50'),
    ('1234.5', '"number"', '{"currency": "GBP"}', '1,234.5')) v (v, f, c, expected);

-- Numbers of other types

SELECT is(:show(1234567::int, '"number"'), '1,234,567', 'an integer');
SELECT is(:show((-32768)::smallint, '"number"'), '-32,768', 'a smallint');
SELECT is(:show((-9223372036854775808)::bigint, '"number"'), '-9,223,372,036,854,775,808',
    'the smallest bigint');
SELECT is(:show(0.1::float8 + 0.2::float8, '"number"'), '0.3', 'a float');
SELECT is(:show(2.675::float8, '{"type": "currency", "currency": "USD"}'), '$2.68',
    'a float is rounded by the digits that it is written with');
SELECT is(:show(0.1::float4, '{"type": "number", "decimals": 5}'), '0.10000', 'a real');
SELECT is(:show('-0'::float8, to_jsonb(f)), '0', format('minus zero, %s', f))
FROM unnest('{plain, number, compact}'::text[]) f;
SELECT is(:show('-0'::float8, NULL), '0', 'minus zero without a format');
SELECT is(:show(1e22::float8, '"number"'), '10,000,000,000,000,000,000,000', 'a large float');
SELECT is(:show(v::interval, to_jsonb(f)), expected, format('%s, interval %s', f, v))
FROM (VALUES ('duration', '45 seconds', '45s'), ('duration', '2 hours 3 minutes', '2h 03m'),
             ('duration', '-65 seconds', '-1m 05s'), ('duration', '1 month', '30d 00h'),
             ('duration', '4 days 5 hours', '4d 05h'), ('duration_ms', '65 seconds', '1m 05s'),
             ('duration', '59.6 seconds', '1m 00s'), ('number', '65 seconds', '00:01:05'),
             ('date', '1 day', '1 day')) v (f, v, expected);
SELECT is(:show(('0.' || repeat('3', 1200))::numeric, '"number"'), '0.33',
    'a number of many decimals');
SELECT is(:show(1e131071::numeric, to_jsonb(f)), 1e131071::numeric::text,
    format('a number that nobody reads, %s', f))
FROM unnest('{number, ratio, bytes, duration, currency}'::text[]) f;

-- Dates and times, in three zones

SELECT is(:show(v::timestamptz, f::jsonb, '{}', z), expected, concat_ws(' ', f, v, z))
FROM (VALUES
    (NULL, '2024-03-05 23:30:00+00', 'UTC', '2024-03-05 23:30:00'),
    (NULL, '2024-03-05 23:30:00+00', 'America/New_York', '2024-03-05 18:30:00'),
    (NULL, '2024-03-05 23:30:00.25+00', 'Asia/Kolkata', '2024-03-06 05:00:00.25'),
    ('"number"', '2024-03-05 23:30:00+00', 'UTC', '2024-03-05 23:30:00'),
    ('"date"', '2024-03-05 23:30:00+00', 'UTC', '2024-03-05'),
    ('"date"', '2024-03-05 23:30:00+00', 'America/New_York', '2024-03-05'),
    ('"date"', '2024-03-05 23:30:00+00', 'Asia/Kolkata', '2024-03-06'),
    ('"datetime"', '2024-03-05 23:30:59+00', 'UTC', '2024-03-05 23:30'),
    ('"datetime"', '2024-03-05 23:30:00+00', 'America/New_York', '2024-03-05 18:30'),
    ('"datetime"', '2024-07-05 23:30:00+00', 'America/New_York', '2024-07-05 19:30'),
    ('"datetime"', '2024-03-05 23:30:00+00', 'Asia/Kolkata', '2024-03-06 05:00'),
    ('"time"', '2024-03-05 23:30:00+00', 'UTC', '23:30'),
    ('"time"', '2024-03-05 23:30:00+00', 'America/New_York', '18:30'),
    ('"time"', '2024-03-05 23:30:00+00', 'Asia/Kolkata', '05:00'),
    ('"month"', '2024-02-29 23:30:00+00', 'UTC', 'February 2024'),
    ('"month"', '2024-02-29 23:30:00+00', 'America/New_York', 'February 2024'),
    ('"month"', '2024-02-29 23:30:00+00', 'Asia/Kolkata', 'March 2024'),
    ('"weekday"', '2024-02-29 23:30:00+00', 'UTC', 'Thursday'),
    ('"weekday"', '2024-02-29 23:30:00+00', 'Asia/Kolkata', 'Friday'),
    ('"weekday"', '2024-03-01 00:30:00+00', 'America/New_York', 'Thursday'),
    ('{"date_format": "%d.%m.%Y %H:%M:%S"}', '2024-03-05 23:30:09+00', 'UTC',
        '05.03.2024 23:30:09'),
    ('{"date_format": "%b %-d, %y"}', '2024-03-05 23:30:00+00', 'America/New_York', 'Mar 5, 24'),
    ('{"date_format": "%-I:%M %p"}', '2024-03-05 23:30:00+00', 'Asia/Kolkata', '5:00 AM'),
    ('{"date_format": "%z"}', '2024-03-05 23:30:00+00', 'Asia/Kolkata', '+0530'),
    ('{"date_format": "%j"}', '2024-12-31 00:00:00+00', 'UTC', '366'),
    ('{"date_format": "%G-W%V"}', '2024-12-31 00:00:00+00', 'UTC', '2025-W01'),
    ('{"date_format": "100%% %Q %"}', '2024-03-05 23:30:00+00', 'UTC', '100% %Q %'),
    ('{"type": "month", "date_format": "%Y"}', '2024-03-05 23:30:00+00', 'UTC', '2024'),
    ('{"type": "date", "prefix": "on ", "suffix": "!", "unit": "h"}', '2024-03-05 23:30:00+00',
        'UTC', 'on 2024-03-05!'),
    ('"date"', 'infinity', 'UTC', 'infinity'), ('"month"', '-infinity', 'UTC', '-infinity'),
    ('"date"', '12024-01-01 00:00:00+00', 'UTC', '12024-01-01 00:00:00'),
    ('"date"', '0044-03-15 00:00:00+00 BC', 'UTC', '0044-03-15 00:00:00 BC'),
    -- The local time is beyond the last that there is.
    ('"date"', '294276-12-31 23:59:59+00', 'Asia/Kolkata', '294277-01-01 05:29:59+05:30'))
    v (f, v, z, expected);
SELECT is(:show(v::timestamp, f::jsonb, '{}', 'Asia/Kolkata'), expected,
    concat_ws(' ', f, 'timestamp', v))
FROM (VALUES
    (NULL, '2024-03-05 23:30:00', '2024-03-05 23:30:00'), ('"date"', '2024-03-05 23:30:00',
        '2024-03-05'), ('"datetime"', '2024-03-05 23:30:00', '2024-03-05 23:30'),
    ('"time"', '1950-03-05 23:30:00.999999', '23:30'), ('"month"', '1850-03-05', 'March 1850'),
    ('{"date_format": "%H:%M:%S%z%Z"}', '1969-12-31 23:59:59.5', '23:59:59'),
    ('"weekday"', 'infinity', 'infinity')) v (f, v, expected);
SELECT is(:show(v::date, f::jsonb, '{}', 'America/New_York'), expected,
    concat_ws(' ', f, 'date', v))
FROM (VALUES
    (NULL, '2024-03-05', '2024-03-05'), ('"date"', '2024-03-05', '2024-03-05'),
    ('"datetime"', '2024-03-05', '2024-03-05'), ('"time"', '2024-03-05', '2024-03-05'),
    ('"month"', '2024-03-01', 'March 2024'), ('"weekday"', '2024-03-05', 'Tuesday'),
    ('{"date_format": "%A, %e %B %Y"}', '2024-03-05', 'Tuesday,  5 March 2024'),
    ('"number"', '2024-03-05', '2024-03-05'), ('"date"', '-infinity', '-infinity'),
    ('"date"', '0044-03-15 BC', '0044-03-15 BC')) v (f, v, expected);

-- Whatever does not suit its format is shown as without one.

SELECT is(:show('abc'::text, to_jsonb(f)), 'abc', format('a text, %s', f))
FROM unnest('{plain, number, currency, percent, ratio, compact, duration, duration_ms, bytes,
              date, datetime, time, month, weekday}'::text[]) f;
SELECT is(:show('abc', '{"type": "number", "prefix": "<", "suffix": ">"}'), '<abc>',
    'a text has what stands around it');
SELECT is(:show(true, '"number"') || ' ' || :show(false, NULL), 'true false', 'booleans');
SELECT is(:show(112, to_jsonb(f)), '112', format('a number, %s', f))
FROM unnest('{date, datetime, time, month, weekday}'::text[]) f;
SELECT is(:show(12.50, '{"date_format": "%Y"}'), '12.50', 'a number and a pattern');
SELECT is(:show('{1,2}'::int[], '"number"'), '[1,2]', 'an array');
SELECT is(:show('{"a": 1}'::jsonb, '"currency"'), '{"a": 1}', 'jsonb');
SELECT is(:show('\x01ff'::bytea, '"bytes"'), 'Af8=', 'bytea');
SELECT is(:show(ROW (1, 'a'), '"date"'), '{"f1":1,"f2":"a"}', 'a row');
SELECT is(:show('13:45'::time, '"time"'), '13:45:00', 'a time of day');
SELECT is(:show('10.0.0.1'::inet, '"number"'), '10.0.0.1', 'inet');
SELECT is(:show(('[' || '1,' || '5)')::int4range, '"number"'), '[1,5)', 'a range');

-- No value of any type raises anything under any format.

RESET ROLE;
CREATE TYPE public.shown_mood AS ENUM ('ok', 'not ok');
CREATE DOMAIN public.shown_price AS numeric(10, 2);
CREATE DOMAIN public.shown_at AS timestamptz;
CREATE TYPE public.shown_pair AS (a int, b public.shown_at);
SET ROLE app_user;
SELECT is(:show('1234.5'::public.shown_price, '"number"') || ' '
    || :show('2024-03-05 23:30+00'::public.shown_at, '"date"', '{}', 'Asia/Kolkata'),
    '1,234.5 2024-03-06', 'a domain is its base type');
SELECT lives_ok(format($$SELECT prismiq_internal.format_value(%s, f, c, z)
    FROM unnest(ARRAY['"plain"', '"number"', '"currency"', '"percent"', '"ratio"', '"compact"',
        '"duration"', '"duration_ms"', '"bytes"', '"date"', '"datetime"', '"time"', '"month"',
        '"weekday"', '{"decimals": 20, "prefix": "p", "unit": "u", "suffix": "s"}',
        '{"type": "duration", "decimals": 20}', '{"type": "bytes", "decimals": 20}',
        '{"type": "currency", "currency": "JPY", "date_format": "%%c%%+%%G%%s%%E"}',
        'null']::jsonb[]) f,
        unnest(ARRAY['{}', '{"number": {"decimal": ",", "group": "."}}']::jsonb[]) c,
        unnest('{UTC, America/New_York, Pacific/Kiritimati}'::text[]) z$$, value), value)
FROM unnest(ARRAY[$$NULL::int$$, $$(-32768)::smallint$$, $$2147483647$$,
    $$'-9223372036854775808'::bigint$$, $$'NaN'::real$$, $$'Infinity'::float8$$,
    $$2.2250738585072014e-308::float8$$, $$1.7976931348623157e308::float8$$, $$'-0'::float8$$,
    $$'NaN'::numeric$$, $$1e131071::numeric$$, $$-1e-16383::numeric$$, $$'-Infinity'::numeric$$,
    $$'$1.50'::money$$, $$'infinity'::date$$, $$'4713-01-01 BC'::date$$, $$'5874897-12-31'::date$$,
    $$'-infinity'::timestamp$$, $$'4713-11-24 00:00:00 BC'::timestamp$$,
    $$'294276-12-31 23:59:59.999999'::timestamp$$, $$'infinity'::timestamptz$$,
    $$'4714-11-24 00:00:00+00 BC'::timestamptz$$, $$'9999-12-31 23:59:59+00'::timestamptz$$,
    $$'294276-12-31 23:59:59.999999+00'::timestamptz$$, $$'0001-01-01 00:00:00+00'::timestamptz$$,
    $$'24:00'::time$$, $$'13:45+02'::timetz$$, $$'178000000 years'::interval$$,
    $$'-178000000 years'::interval$$, $$'1 mon -1 day'::interval$$, $$''$$, $$'x'$$,
    $$'x'::char(3)$$, $$'x'::"char"$$, $$'x'::name$$, $$true$$, $$'\x'::bytea$$, $$'{}'::json$$,
    $$'1'::jsonb$$, $$'{1,NULL}'::int[]$$, $$'{}'::timestamptz[]$$, $$'[1,2)'::int4range$$,
    $$'{}'::int4multirange$$, $$'(1,2)'::point$$, $$'10.0.0.1'::inet$$,
    $$'08:00:2b:01:02:03'::macaddr$$, $$B'101'$$, $$'a:1'::tsvector$$, $$'a'::tsquery$$,
    $$'$.a'::jsonpath$$, $$1::oid$$, $$'pg_class'::regclass$$, $$'16/B374D848'::pg_lsn$$,
    $$'ok'::public.shown_mood$$, $$'1.5'::public.shown_price$$, $$'2024-03-05'::public.shown_at$$,
    $$(1, 'infinity')::public.shown_pair$$, $$ROW (1, NULL)$$,
    $$'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid$$]) value;

-- What the session says decides nothing.

SET datestyle = 'SQL, DMY';
SET intervalstyle = 'iso_8601';
SET timezone = 'Pacific/Auckland';
SET lc_time = 'C';
SELECT is(:show('2024-03-05'::date, NULL), '2024-03-05', 'DateStyle');
SELECT is(:show('2024-03-05 23:30+00'::timestamptz, NULL), '2024-03-05 23:30:00',
    'TimeZone: without one the zone is UTC');
SELECT is(:show('1 day 02:03'::interval, NULL), '1 day 02:03:00', 'IntervalStyle');

-- Formats that are none

SELECT throws_ok(format('SELECT prismiq_internal.format_value(1, %L)', f), '22023',
    'the format is none', f)
FROM unnest(ARRAY['"numbr"', '"NUMBER"', '{"type": "x"}', '1', '[]', '""']) f;
SELECT lives_ok(format('SELECT prismiq_internal.format_value(1, %L)', f), f || ' is one')
FROM unnest(ARRAY['null', '{}', '{"type": null}', '{"decimals": "x", "unit": 1}',
    '{"type": "number", "decimals": 99}', '{"type": "number", "decimals": -1}']) f;
SELECT is(:show(1.5, '{"type": "number", "decimals": 99}'), '1.5', 'more decimals than there are');
SELECT is(:show(1, jsonb_build_object('unit', repeat('x', 201))), '1', 'a text that is too long');
SELECT is(:show('2024-03-05'::date, jsonb_build_object('date_format', repeat('%c', 101))),
    '2024-03-05', 'and a pattern');
SELECT throws_ok($$SELECT prismiq_internal.format_value(1, NULL, '{}', 'Mars/Base')$$, '22023',
    'time zone "Mars/Base" not recognized', 'a zone that is none');

SELECT finish();
