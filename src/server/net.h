/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* net.h - addresses of machines. As text an IPv4 address in IPv6's clothes is an IPv4 address.
 */
#ifndef PL_SERVER_NET_H
#define PL_SERVER_NET_H
#include <netinet/in.h>
#include <stdbool.h>
#include <sys/socket.h>

enum { PL_NET_CHARS = 46 };

/// An address to listen on.
typedef struct {
	bool six;
	union {
		struct sockaddr plain;
		struct sockaddr_in four;
		struct sockaddr_in6 six;
	} any;
} pl_net_address;

/// Loopback (IPv4) or every address, of IPv4 and of IPv6 where @p six.
pl_net_address pl_net_listen(bool loopback, bool six, int port);

/// As text; "" where it is neither IPv4 nor IPv6, or NULL. @return out
const char *pl_net_print(char out[PL_NET_CHARS], const struct sockaddr *address);
/// One form for what people write. @return false: it is no address
bool pl_net_normal(char out[PL_NET_CHARS], const char *text);
bool pl_net_is_loopback(const char *text); ///< of this machine alone
/// Of a local network (RFC 1918, 3927, 4193; link-local), or of this machine.
bool pl_net_is_private(const char *text);
/// This machine's address in a local network; "" where it has none. @return out
const char *pl_net_own(char out[PL_NET_CHARS]);
#endif
