/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/net.h"
#include "tests/pl_test.h"

static void private_addresses_are_those_of_the_registries(void)
{
	static const struct {
		const char *text;
		bool private, loopback;
	} cases[] = {
	        {"127.0.0.1", true, true},
	        {"127.255.255.254", true, true},
	        {"128.0.0.1", false, false},
	        {"::1", true, true},
	        {"::2", false, false},
	        {"10.0.0.0", true, false},
	        {"10.255.255.255", true, false},
	        {"11.0.0.0", false, false},
	        {"9.255.255.255", false, false},
	        {"172.15.255.255", false, false},
	        {"172.16.0.0", true, false},
	        {"172.31.255.255", true, false},
	        {"172.32.0.0", false, false},
	        {"192.168.0.0", true, false},
	        {"192.168.255.255", true, false},
	        {"192.169.0.0", false, false},
	        {"169.254.9.9", true, false},
	        {"169.255.0.0", false, false},
	        {"fc00::", true, false},
	        {"fdff::1", true, false},
	        {"fbff::1", false, false},
	        {"fe00::1", false, false},
	        {"fe80::1", true, false},
	        {"febf::1", true, false},
	        {"fec0::1", false, false},
	        {"2001:db8::1", false, false},
	        {"8.8.8.8", false, false},
	        {"", false, false},
	        {"127.1", false, false},
	        {"localhost", false, false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CHECK(pl_net_is_private(cases[i].text) == cases[i].private);
		CHECK(pl_net_is_loopback(cases[i].text) == cases[i].loopback);
	}
}

static void one_address_has_one_form(void)
{
	static const struct {
		const char *typed, *form;
	} cases[] = {
	        {"10.0.0.2", "10.0.0.2"},     {"::ffff:10.0.0.2", "10.0.0.2"},
	        {"::FFFF:a00:2", "10.0.0.2"}, {"2001:DB8:0:0::1", "2001:db8::1"},
	        {"010.0.0.2", NULL},          {"10.0.0", NULL},
	        {"10.0.0.2:80", NULL},        {"[::1]", NULL},
	        {"fe80::1%eth0", NULL},       {"", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char form[PL_NET_CHARS];
		const bool good = pl_net_normal(form, cases[i].typed);
		CHECK(good == (cases[i].form != NULL));
		CHECK(strcmp(form, good && cases[i].form != NULL ? cases[i].form : "") == 0);
	}
}

static void what_is_listened_on_prints_as_it_is(void)
{
	char text[PL_NET_CHARS];
	pl_net_address a = pl_net_listen(true, true, 80);
	CHECK(!a.six && strcmp(pl_net_print(text, &a.any.plain), "127.0.0.1") == 0);
	a = pl_net_listen(false, false, 80);
	CHECK(!a.six && strcmp(pl_net_print(text, &a.any.plain), "0.0.0.0") == 0);
	a = pl_net_listen(false, true, 80);
	CHECK(a.six && strcmp(pl_net_print(text, &a.any.plain), "::") == 0);
	CHECK(strcmp(pl_net_print(text, NULL), "") == 0);
}

int main(void)
{
	RUN(private_addresses_are_those_of_the_registries);
	RUN(one_address_has_one_form);
	RUN(what_is_listened_on_prints_as_it_is);
	return pl_test_failed;
}
