-- Tables of PostgreSQL's own regression tests, with their rows: what the README beside this
-- file says of it.
--
--     psql -f test/data/regress.sql      after expose.sql, which makes app_user
\set ON_ERROR_STOP on

CREATE SCHEMA regress;
SET LOCAL search_path = regress;

-- plpgsql.sql: a building with modern cabling, as its triggers leave it
CREATE TABLE room (roomno char(8), comment text);
CREATE TABLE wslot (slotname char(20), roomno char(8), slotlink char(20), backlink char(20));
CREATE TABLE pfield (name text, comment text);
CREATE TABLE pslot (slotname char(20), pfname text, slotlink char(20), backlink char(20));
CREATE TABLE pline (slotname char(20), phonenumber char(20), comment text, backlink char(20));
CREATE TABLE hub (name char(14), comment text, nslots integer);
CREATE TABLE hslot (slotname char(20), hubname char(14), slotno integer, slotlink char(20));
CREATE TABLE system (name text, comment text);
CREATE TABLE iface (slotname char(20), sysname text, ifname text, slotlink char(20));
CREATE TABLE phone (slotname char(20), comment text, slotlink char(20));
CREATE UNIQUE INDEX ON room (roomno bpchar_ops);
CREATE UNIQUE INDEX ON wslot (slotname bpchar_ops);
CREATE UNIQUE INDEX ON pfield (name text_ops);
CREATE UNIQUE INDEX ON pslot (slotname bpchar_ops);
CREATE UNIQUE INDEX ON pline (slotname bpchar_ops);
CREATE UNIQUE INDEX ON hub (name bpchar_ops);
CREATE UNIQUE INDEX ON hslot (slotname bpchar_ops);
CREATE INDEX ON hslot (hubname bpchar_ops);
CREATE UNIQUE INDEX ON system (name text_ops);
CREATE UNIQUE INDEX ON iface (slotname bpchar_ops);
CREATE UNIQUE INDEX ON phone (slotname bpchar_ops);

-- test_setup.sql: people, some of whom work, study or both
CREATE TABLE person (name text, age int4, location point);
CREATE TABLE emp (salary int4, manager name) INHERITS (person);
CREATE TABLE student (gpa float8) INHERITS (person);
CREATE TABLE stud_emp (percent int4) INHERITS (emp, student);

-- with.sql, window.sql, arrays.sql
CREATE TABLE department (id integer PRIMARY KEY, parent_department integer REFERENCES department,
	name text);
CREATE TABLE empsalary (depname varchar, empno bigint, salary int, enroll_date date);
CREATE TABLE array_op_test (seqno int4, i int4[], t text[]);

-- rules.sql: shoes, and laces that fit them
CREATE TABLE shoe_data (shoename char(10), sh_avail integer, slcolor char(10), slminlen float,
	slmaxlen float, slunit char(8));
CREATE TABLE shoelace_data (sl_name char(10), sl_avail integer, sl_color char(10), sl_len float,
	sl_unit char(8));
CREATE TABLE unit (un_name char(8), un_fact float);
CREATE VIEW shoe AS
SELECT sh.shoename, sh.sh_avail, sh.slcolor, sh.slminlen,
	sh.slminlen * un.un_fact AS slminlen_cm, sh.slmaxlen,
	sh.slmaxlen * un.un_fact AS slmaxlen_cm, sh.slunit
FROM shoe_data sh, unit un WHERE sh.slunit = un.un_name;
CREATE VIEW shoelace AS
SELECT s.sl_name, s.sl_avail, s.sl_color, s.sl_len, s.sl_unit, s.sl_len * u.un_fact AS sl_len_cm
FROM shoelace_data s, unit u WHERE s.sl_unit = u.un_name;
CREATE VIEW shoe_ready AS
SELECT rsh.shoename, rsh.sh_avail, rsl.sl_name, rsl.sl_avail,
	least(rsh.sh_avail, rsl.sl_avail) AS total_avail
FROM shoe rsh, shoelace rsl
WHERE rsl.sl_color = rsh.slcolor AND rsl.sl_len_cm >= rsh.slminlen_cm
	AND rsl.sl_len_cm <= rsh.slmaxlen_cm;

COPY room FROM stdin WITH (FORMAT csv, DELIMITER '|');
001|Entrance
002|Office
003|Office
004|Technical
101|Office
102|Conference
103|Restroom
104|Technical
105|Office
106|Office
\.
COPY wslot FROM stdin WITH (FORMAT csv, DELIMITER '|');
WS.001.1a|001|PH.hc001|PS.base.a1
WS.001.1b|001|""|PS.base.a2
WS.001.2a|001|PH.fax001|PS.base.a3
WS.001.2b|001|""|PS.base.a4
WS.001.3a|001|""|PS.base.a5
WS.001.3b|001|""|PS.base.a6
WS.002.1a|002|PH.hc002|PS.base.b1
WS.002.1b|002|IF.orion.eth0|PS.base.b2
WS.002.2a|002|PH.hc003|PS.base.b3
WS.002.2b|002|""|PS.base.b4
WS.002.3a|002|""|PS.base.b5
WS.002.3b|002|""|PS.base.b6
WS.003.1a|003|""|PS.base.c1
WS.003.1b|003|""|PS.base.c2
WS.003.2a|003|""|PS.base.c3
WS.003.2b|003|""|PS.base.c4
WS.003.3a|003|""|PS.base.c5
WS.003.3b|003|""|PS.base.c6
WS.101.1a|101|""|PS.first.a1
WS.101.1b|101|""|PS.first.a2
WS.101.2a|101|""|PS.first.a3
WS.101.2b|101|""|PS.first.a4
WS.101.3a|101|""|PS.first.a5
WS.101.3b|101|""|PS.first.a6
WS.102.1a|102|""|PS.first.b1
WS.102.1b|102|""|PS.first.b2
WS.102.2a|102|""|PS.first.b3
WS.102.2b|102|""|PS.first.b4
WS.102.3a|102|""|PS.first.b5
WS.102.3b|102|""|PS.first.b6
WS.105.1a|105|""|PS.first.c1
WS.105.1b|105|""|PS.first.c2
WS.105.2a|105|""|PS.first.c3
WS.105.2b|105|""|PS.first.c4
WS.105.3a|105|""|PS.first.c5
WS.105.3b|105|""|PS.first.c6
WS.106.1a|106|""|PS.first.d1
WS.106.1b|106|""|PS.first.d2
WS.106.2a|106|""|PS.first.d3
WS.106.2b|106|""|PS.first.d4
WS.106.3a|106|""|PS.first.d5
WS.106.3b|106|""|PS.first.d6
\.
COPY pfield FROM stdin WITH (FORMAT csv, DELIMITER '|');
PF0_1|Wallslots basement
PF0_2|Phonelines basement
PF1_1|Wallslots first floor
PF1_2|Phonelines first floor
\.
COPY pslot FROM stdin WITH (FORMAT csv, DELIMITER '|');
PS.base.a1|PF0_1|PS.base.ta1|WS.001.1a
PS.base.a2|PF0_1|""|WS.001.1b
PS.base.a3|PF0_1|PS.base.ta2|WS.001.2a
PS.base.a4|PF0_1|""|WS.001.2b
PS.base.a5|PF0_1|""|WS.001.3a
PS.base.a6|PF0_1|""|WS.001.3b
PS.base.b1|PF0_1|PS.base.ta5|WS.002.1a
PS.base.b2|PF0_1|HS.base.hub1.1|WS.002.1b
PS.base.b3|PF0_1|PS.base.tb2|WS.002.2a
PS.base.b4|PF0_1|""|WS.002.2b
PS.base.b5|PF0_1|""|WS.002.3a
PS.base.b6|PF0_1|""|WS.002.3b
PS.base.c1|PF0_1|""|WS.003.1a
PS.base.c2|PF0_1|""|WS.003.1b
PS.base.c3|PF0_1|""|WS.003.2a
PS.base.c4|PF0_1|""|WS.003.2b
PS.base.c5|PF0_1|""|WS.003.3a
PS.base.c6|PF0_1|""|WS.003.3b
PS.base.ta1|PF0_2|PS.base.a1|PL.001
PS.base.ta2|PF0_2|PS.base.a3|PL.028
PS.base.ta3|PF0_2|""|PL.003
PS.base.ta4|PF0_2|""|""
PS.base.ta5|PF0_2|PS.base.b1|PL.004
PS.base.ta6|PF0_2|""|PL.005
PS.base.tb1|PF0_2|""|""
PS.base.tb2|PF0_2|PS.base.b3|PL.006
PS.base.tb3|PF0_2|""|PL.007
PS.base.tb4|PF0_2|""|PL.008
PS.base.tb5|PF0_2|""|PL.009
PS.base.tb6|PF0_2|""|PL.010
PS.first.a1|PF1_1|""|WS.101.1a
PS.first.a2|PF1_1|""|WS.101.1b
PS.first.a3|PF1_1|""|WS.101.2a
PS.first.a4|PF1_1|""|WS.101.2b
PS.first.a5|PF1_1|""|WS.101.3a
PS.first.a6|PF1_1|""|WS.101.3b
PS.first.b1|PF1_1|""|WS.102.1a
PS.first.b2|PF1_1|""|WS.102.1b
PS.first.b3|PF1_1|""|WS.102.2a
PS.first.b4|PF1_1|""|WS.102.2b
PS.first.b5|PF1_1|""|WS.102.3a
PS.first.b6|PF1_1|""|WS.102.3b
PS.first.c1|PF1_1|""|WS.105.1a
PS.first.c2|PF1_1|""|WS.105.1b
PS.first.c3|PF1_1|""|WS.105.2a
PS.first.c4|PF1_1|""|WS.105.2b
PS.first.c5|PF1_1|""|WS.105.3a
PS.first.c6|PF1_1|""|WS.105.3b
PS.first.d1|PF1_1|""|WS.106.1a
PS.first.d2|PF1_1|""|WS.106.1b
PS.first.d3|PF1_1|""|WS.106.2a
PS.first.d4|PF1_1|""|WS.106.2b
PS.first.d5|PF1_1|""|WS.106.3a
PS.first.d6|PF1_1|""|WS.106.3b
PS.first.ta1|PF1_2|""|PL.029
PS.first.ta2|PF1_2|""|""
PS.first.ta3|PF1_2|""|PL.016
PS.first.ta4|PF1_2|""|PL.017
PS.first.ta5|PF1_2|""|""
PS.first.ta6|PF1_2|""|""
PS.first.tb1|PF1_2|""|PL.018
PS.first.tb2|PF1_2|""|PL.019
PS.first.tb3|PF1_2|""|PL.020
PS.first.tb4|PF1_2|""|""
PS.first.tb5|PF1_2|""|PL.021
PS.first.tb6|PF1_2|""|PL.022
\.
COPY pline FROM stdin WITH (FORMAT csv, DELIMITER '|');
PL.001|-0|Central call|PS.base.ta1
PL.002|-101|""|""
PL.003|-102|""|PS.base.ta3
PL.004|-103|""|PS.base.ta5
PL.005|-104|""|PS.base.ta6
PL.006|-106|""|PS.base.tb2
PL.007|-108|""|PS.base.tb3
PL.008|-109|""|PS.base.tb4
PL.009|-121|""|PS.base.tb5
PL.010|-122|""|PS.base.tb6
PL.015|-134|""|""
PL.016|-137|""|PS.first.ta3
PL.017|-139|""|PS.first.ta4
PL.018|-362|""|PS.first.tb1
PL.019|-363|""|PS.first.tb2
PL.020|-364|""|PS.first.tb3
PL.021|-365|""|PS.first.tb5
PL.022|-367|""|PS.first.tb6
PL.028|-501|Fax entrance|PS.base.ta2
PL.029|-502|Fax first floor|PS.first.ta1
\.
COPY hub FROM stdin WITH (FORMAT csv, DELIMITER '|');
base.hub1|Patchfield PF0_1 hub|16
\.
COPY hslot FROM stdin WITH (FORMAT csv, DELIMITER '|');
HS.base.hub1.1|base.hub1|1|PS.base.b2
HS.base.hub1.2|base.hub1|2|""
HS.base.hub1.3|base.hub1|3|""
HS.base.hub1.4|base.hub1|4|""
HS.base.hub1.5|base.hub1|5|""
HS.base.hub1.6|base.hub1|6|""
HS.base.hub1.7|base.hub1|7|""
HS.base.hub1.8|base.hub1|8|""
HS.base.hub1.9|base.hub1|9|""
HS.base.hub1.10|base.hub1|10|""
HS.base.hub1.11|base.hub1|11|""
HS.base.hub1.12|base.hub1|12|""
HS.base.hub1.13|base.hub1|13|""
HS.base.hub1.14|base.hub1|14|""
HS.base.hub1.15|base.hub1|15|""
HS.base.hub1.16|base.hub1|16|""
\.
COPY system FROM stdin WITH (FORMAT csv, DELIMITER '|');
orion|PC
\.
COPY iface FROM stdin WITH (FORMAT csv, DELIMITER '|');
IF.orion.eth0|orion|eth0|WS.002.1b
\.
COPY phone FROM stdin WITH (FORMAT csv, DELIMITER '|');
PH.fax001|Canon fax|WS.001.2a
PH.hc001|Hicom standard|WS.001.1a
PH.hc002|Hicom standard|WS.002.1a
PH.hc003|Hicom standard|WS.002.2a
\.
COPY person FROM stdin WITH (FORMAT csv, DELIMITER '|');
alex|30|(1.352,8.2)
belinda|38|(8.9,1.7)
bertha|88|(2.75,9.4)
carina|58|(4.27,8.8)
carmen|78|(3.8,8.2)
chris|78|(9.78,2)
denise|24|(3.78,87.9)
diane|18|(5.912,5.3)
edna|18|(1.53,3.5)
esther|98|(5.36,7.6)
fanny|8|(1.2,0.9)
gina|18|(9.82,7.5)
jane|58|(1.34,0.44)
jean|28|(8.561,7.3)
jenifer|38|(6.6,23.3)
joan|18|(9.4,47.04)
joe|20|(5.5,2.5)
juanita|58|(4.57,35.8)
julie|68|(3.6,7.2)
karen|48|(8.73,0)
koko|88|(1.7,5.5)
leah|68|(0.6,3.37)
lita|25|(1.3,8.7)
liza|38|(9.76,6.9)
louise|98|(5,8.7)
martie|88|(8.358,0.93)
mary|8|(3.7,39.2)
melissa|28|(3.089,87.23)
mike|40|(3.1,6.2)
nan|28|(6.35,0.43)
pamela|48|(8.21,9.3)
pat|18|(1.19,0.6)
paula|68|(0.5,0.5)
rean|48|(8.5,5)
sally|34|(3.8,45.8)
sandra|19|(9.345,9.6)
sandy|38|(3.8,0.2)
sarah|88|(8.4,2.3)
sharon|78|(9.237,8.8)
sue|50|(8.34,7.375)
sumi|38|(1.15,0.6)
susan|78|(6.579,3)
teresa|38|(7.7,1.8)
trisha|88|(1.29,2.2)
trudy|88|(6.01,0.5)
uma|78|(9.73,6.4)
velma|68|(8.8,8.9)
wendy|78|(2.62,3.3)
zena|98|(0.35,0)
zola|58|(2.56,4.3)
\.
COPY emp FROM stdin WITH (FORMAT csv, DELIMITER '|');
bill|20|(11,10)|1000|sharon
sam|30|(10,5)|2000|bill
sharon|25|(15,12)|1000|sam
\.
COPY student FROM stdin WITH (FORMAT csv, DELIMITER '|');
fred|28|(3.1,-1.5)|3.7
larry|60|(21.8,4.9)|3.1
\.
COPY stud_emp FROM stdin WITH (FORMAT csv, DELIMITER '|');
cim|30|(10.5,4.7)|400||3.4|
jeff|23|(8,7.7)|600|sharon|3.5|
linda|19|(0.9,6.1)|100||2.9|
\.
COPY department FROM stdin WITH (FORMAT csv, DELIMITER '|');
0||ROOT
1|0|A
2|1|B
3|2|C
4|2|D
5|0|E
6|4|F
7|5|G
\.
COPY empsalary FROM stdin WITH (FORMAT csv, DELIMITER '|');
sales|1|5000|2006-10-01
personnel|2|3900|2006-12-23
sales|3|4800|2007-08-01
sales|4|4800|2007-08-08
personnel|5|3500|2007-12-10
develop|7|4200|2008-01-01
develop|8|6000|2006-10-01
develop|9|4500|2008-01-01
develop|10|5200|2007-08-01
develop|11|5200|2007-08-15
\.
COPY array_op_test FROM stdin WITH (FORMAT csv, DELIMITER '|');
1|{92,75,71,52,64,83}|{AAAAAAAA44066,AAAAAA1059,AAAAAAAAAAA176,AAAAAAA48038}
2|{3,6}|{AAAAAA98232,AAAAAAAA79710,AAAAAAAAAAAAAAAAA69675,AAAAAAAAAAAAAAAA55798,AAAAAAAAA12793}
6|{39,35,5,94,17,92,60,32}|{AAAAAAAAAAAAAAA35875,AAAAAAAAAAAAAAAA23657}
7|{12,51,88,64,8}|{AAAAAAAAAAAAAAAAAA12591,AAAAAAAAAAAAAAAAA50407,AAAAAAAAAAAA67946}
12|{17,99,18,52,91,72,0,43,96,23}|{AAAAA33250,AAAAAAAAAAAAAAAAAAA85420,AAAAAAAAAAA33576}
13|{3,52,34,23}|{AAAAAA98232,AAAA49534,AAAAAAAAAAA21658}
15|{17,14,16,63,67}|{AA6416,AAAAAAAAAA646,AAAAA95309}
16|{14,63,85,11}|{AAAAAA66777}
17|{7,10,81,85}|{AAAAAA43678,AAAAAAA12144,AAAAAAAAAAA50956,AAAAAAAAAAAAAAAAAAA15356}
20|{72,89,70,51,54,37,8,49,79}|{AAAAAA58494}
22|{11,6,56,62,53,30}|{AAAAAAAA72908}
25|{31,1,10,11,27,79,38}|{AAAAAAAAAAAAAAAAAA59334,45449}
30|{26,81,47,91,34}|{AAAAAAAAAAAAAAAAAAA70104,AAAAAAA80240}
44|{40,58,68,29,54}|{AAAAAAA81898,AAAAAA66777,AAAAAA98232}
49|{56,5,54,37,49}|{AA21643,AAAAAAAAAAA92631,AAAAAAAA81587}
53|{38,17}|{AAAAAAAAAAA21658}
55|{47,79,47,64,72,25,71,24,93}|{AAAAAAAAAAAAAAAAAA55796,AAAAA62737}
56|{33,7,60,54,93,90,77,85,39}|{AAAAAAAAAAAAAAAAAA32918,AA42406}
57|{23,45,10,42,36,21,9,96}|{AAAAAAAAAAAAAAAAAAA70415}
58|{92}|{AAAAAAAAAAAAAAAA98414,AAAAAAAA23648,AAAAAAAAAAAAAAAAAA55796,AA25381,AAAAAAAAAAA6119}
60|{62,2,59,38,89}|{AAAAAAA89932,AAAAAAAAAAAAAAAAAAA15356,AA99927,AA17009,AAAAAAAAAAAAAAA35875}
61|{72,2,44,95,54,54,13}|{AAAAAAAAAAAAAAAAAAA91804}
65|{61,5,76,59,17}|{AAAAAA99807,AAAAA64741,AAAAAAAAAAA53908,AA21643,AAAAAAAAA10012}
67|{31,94,7,10}|{AAAAAA38063,A96617,AAAA35194,AAAAAAAAAAAA67946}
76|{92,55,10,7}|{AAAAAAAAAAAAAAA67062}
79|{45}|{AAAAAAAAAA646,AAAAAAAAAAAAAAAAAAA70415,AAAAAA43678,AAAAAAAA72908}
83|{14,10}|{AAAAAAAAAA22292,AAAAAAAAAAAAA70254,AAAAAAAAAAA6119}
84|{11,83,35,13,96,94}|{AAAAA95309,AAAAAAAAAAAAAAAAAA32918,AAAAAAAAAAAAAAAAAA24183}
86|{33,81,72,74,45,36,82}|{AAAAAAAA81587,AAAAAAAAAAAAAA96505,45449,AAAA80176}
91|{78}|{AAAAAAAAAAAAA62007,AAA99043}
92|{85,63,49,45}|{AAAAAAA89932,AAAAAAAAAAAAA22860,AAAAAAAAAAAAAAAAAAA1205,AAAAAAAAAAAA21089}
94|{98,9,85,62,88,91,60,61,38,86}|{AAAAAAAA81587,AAAAA17383,AAAAAAAA81587}
96|{23,97,43}|{AAAAAAAAAA646,A87088}
101|{}|{}
102|{NULL}|{NULL}
103||
\.
COPY shoe_data FROM stdin WITH (FORMAT csv, DELIMITER '|');
sh1|2|black|70|90|cm
sh2|0|black|30|40|inch
sh3|4|brown|50|65|cm
sh4|3|brown|40|50|inch
\.
COPY shoelace_data FROM stdin WITH (FORMAT csv, DELIMITER '|');
sl1|5|black|80|cm
sl2|6|black|100|cm
sl3|0|black|35|inch
sl4|8|black|40|inch
sl5|4|brown|1|m
sl6|0|brown|0.9|m
sl7|7|brown|60|cm
sl8|1|brown|40|inch
\.
COPY unit FROM stdin WITH (FORMAT csv, DELIMITER '|');
cm|1
inch|2.54
m|100
\.

ANALYZE;
GRANT USAGE ON SCHEMA regress TO app_user;
GRANT SELECT ON ALL TABLES IN SCHEMA regress TO app_user;
SELECT count(prismiq.prismiq_expose(oid::regclass, shared => true)) FROM pg_class
WHERE relnamespace = 'regress'::regnamespace AND relkind IN ('r', 'v') AND relname <> 'empsalary';
SELECT FROM prismiq.prismiq_expose('regress.empsalary', tenant => 'acme',
								   time_column => 'enroll_date');
