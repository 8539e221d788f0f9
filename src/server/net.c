/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "server/net.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

pl_net_address pl_net_listen(bool loopback, bool six, int port)
{
	pl_net_address a = {.six = six && !loopback};
	if (a.six) {
		a.any.six.sin6_family = AF_INET6;
		a.any.six.sin6_port = htons((uint16_t)port);
		a.any.six.sin6_addr = in6addr_any;
	} else {
		a.any.four.sin_family = AF_INET;
		a.any.four.sin_port = htons((uint16_t)port);
		a.any.four.sin_addr.s_addr = htonl(loopback ? INADDR_LOOPBACK : INADDR_ANY);
	}
	return a;
}

static const char *print_six(char out[PL_NET_CHARS], const struct in6_addr *a)
{
	enum { MAPPED_BYTES = 12 };
	const void *from = a;
	const bool four = IN6_IS_ADDR_V4MAPPED(a);
	if (four) from = &a->s6_addr[MAPPED_BYTES];
	if (inet_ntop(four ? AF_INET : AF_INET6, from, out, PL_NET_CHARS) == NULL)
		out[0] = '\0';
	return out;
}

const char *pl_net_print(char out[PL_NET_CHARS], const struct sockaddr *address)
{
	struct sockaddr_in four;
	struct sockaddr_in6 six;
	out[0] = '\0';
	if (address == NULL) return out;
	if (address->sa_family == AF_INET) {
		memcpy(&four, address, sizeof four);
		if (inet_ntop(AF_INET, &four.sin_addr, out, PL_NET_CHARS) == NULL)
			out[0] = '\0';
	} else if (address->sa_family == AF_INET6) {
		memcpy(&six, address, sizeof six);
		(void)print_six(out, &six.sin6_addr);
	}
	return out;
}

bool pl_net_normal(char out[PL_NET_CHARS], const char *text)
{
	struct in_addr four;
	struct in6_addr six;
	out[0] = '\0';
	if (inet_pton(AF_INET, text, &four) == 1)
		return inet_ntop(AF_INET, &four, out, PL_NET_CHARS) != NULL;
	return inet_pton(AF_INET6, text, &six) == 1 && print_six(out, &six)[0] != '\0';
}

/// Does an address begin with the first @p bits bits of a net?
static bool within(const unsigned char *address, const unsigned char *net, int bits)
{
	const int whole = bits / 8, rest = bits % 8;
	if (memcmp(address, net, (size_t)whole) != 0) return false;
	return rest == 0 || (address[whole] >> (8 - rest)) == (net[whole] >> (8 - rest));
}

bool pl_net_is_loopback(const char *text)
{
	struct in_addr four;
	if (inet_pton(AF_INET, text, &four) == 1) return ntohl(four.s_addr) >> 24 == 127;
	return strcmp(text, "::1") == 0;
}

bool pl_net_is_private(const char *text)
{
	static const struct {
		unsigned char net[2];
		int bits;
	} fours[] = {{{10, 0}, 8}, {{172, 16}, 12}, {{192, 168}, 16}, {{169, 254}, 16}},
	  sixes[] = {{{0xfc, 0}, 7}, {{0xfe, 0x80}, 10}};
	unsigned char bytes[16];
	if (pl_net_is_loopback(text)) return true;
	if (inet_pton(AF_INET, text, bytes) == 1) {
		for (size_t i = 0; i < sizeof fours / sizeof *fours; i++)
			if (within(bytes, fours[i].net, fours[i].bits)) return true;
	} else if (inet_pton(AF_INET6, text, bytes) == 1) {
		for (size_t i = 0; i < sizeof sixes / sizeof *sixes; i++)
			if (within(bytes, sixes[i].net, sixes[i].bits)) return true;
	}
	return false;
}

const char *pl_net_own(char out[PL_NET_CHARS])
{
	struct ifaddrs *all;
	out[0] = '\0';
	if (getifaddrs(&all) != 0) return out;
	for (const struct ifaddrs *i = all; i != NULL && out[0] == '\0'; i = i->ifa_next) {
		if (i->ifa_addr == NULL || i->ifa_addr->sa_family != AF_INET) continue;
		(void)pl_net_print(out, i->ifa_addr);
		if (pl_net_is_loopback(out) || !pl_net_is_private(out)) out[0] = '\0';
	}
	freeifaddrs(all);
	return out;
}
