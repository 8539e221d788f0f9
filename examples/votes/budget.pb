META
key;value
description;Budget of the canal quarter
country;Nowhere
unit;Canal quarter
instance;spring
num_projects;7
num_votes;34
budget;60000
vote_type;approval
rule;greedy
min_length;1
max_length;7
PROJECTS
project_id;cost;votes;name
lights;20000;24;Lights along the canal path
roof;25000;21;New roof for the youth club
trees;15000;20;Forty street trees
benches;7000;8;Benches and a shade sail in the square
garden;12000;10;Garden beds at the south school
ramp;18000;5;Ramp to the south library
kitchen;5000;9;Kitchen for the south hall
VOTES
voter_id;vote
1;lights,roof,trees,benches
2;lights,roof,trees
3;lights,roof,trees,benches
4;lights,roof
5;garden,kitchen,ramp
6;garden
7;garden,kitchen
8;garden,kitchen
9;lights,trees
10;lights,roof
11;lights,trees
12;roof,trees
13;lights,roof,trees,benches
14;lights,trees,benches
15;garden,kitchen,ramp
16;lights,roof,trees,benches
17;garden,kitchen,ramp
18;lights,roof,trees
19;lights,roof,trees
20;lights,roof,trees,benches
21;garden,kitchen,lights
22;lights,roof,trees,benches
23;lights,roof,trees
24;lights,roof,trees,benches
25;lights,roof,trees
26;garden,kitchen
27;lights,roof,trees
28;lights,roof
29;garden,kitchen,ramp
30;lights,roof,trees
31;garden,kitchen,ramp
32;lights,roof
33;lights,roof,trees
34;lights,roof,trees
