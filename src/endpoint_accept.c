/*
 * How many connections there are: taking new ones in, and ending others for them.
 *
 * Who goes is decided by age and by what it has achieved, never by who happens to be silent at the
 * moment: a good delivery is silent too, between connecting and its first byte. So in a flood the
 * oldest of those that have achieved nothing goes, and rather one of an address that has many:
 * which is the flood's.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "endpoint_private.h"

enum {
    ACCEPTS_A_TURN = 64, /* so that a flood of connections does not keep others waiting */
    SAFE_TURNS = 2,      /* of the loop: what came with a connection is read in the next one */
    LEAST_CONNECTIONS = 4,
    LOOKED_AT = 64, /* of the oldest, for one whose address has more than a quarter of all */
    ACCEPT_PAUSE_US = 100000,          /* when the system has no room for another connection */
    RECOVERY_US = 10 * LWS_US_PER_SEC, /* until as many connections are tried again as before */
    PATIENCE_US = LWS_US_PER_SEC,      /* with who has achieved nothing, if there is anybody else */
};

/* Who goes first, from so many microseconds in its standing on. Those that have delivered go only
 * where they take more than three quarters of all places. */
static const struct {
    enum endpoint_standing standing;
    lws_usec_t age;
} goes_first[] = {
    {STANDING_LEAVING, 0}, {STANDING_NEW, PATIENCE_US}, {STANDING_BODY, PATIENCE_US},
    {STANDING_PROVEN, 0},  {STANDING_NEW, 0},           {STANDING_BODY, 0},
};

void connection_stand(struct connection *c, enum endpoint_standing standing)
{
    lws_dll2_remove(&c->stand);
    c->stands_since = lws_now_usecs();
    lws_dll2_add_tail(&c->stand, &c->endpoint->standings[standing]);
}

/* Nothing of it waits to be read or answered. */
static bool can_go(const struct connection *c)
{
    return lws_dll2_is_detached(&c->turn) && c->endpoint->turns - c->arrived >= SAFE_TURNS;
}

static bool is_of_many(const struct connection *c)
{
    return room_neighbours(&c->exchange.guest) > c->endpoint->max_connections / 4;
}

/* Who of a standing goes first: among the oldest one of many, else the oldest. */
static struct connection *first_to_go(const struct endpoint *e, enum endpoint_standing standing,
                                      lws_usec_t age)
{
    lws_usec_t before = lws_now_usecs() - age;
    const lws_dll2_owner_t *all = &e->standings[standing];
    struct connection *oldest = NULL;
    int looked = 0;
    if (standing == STANDING_PROVEN && all->count <= e->max_connections / 4 * 3)
        return NULL;
    for (struct lws_dll2 *d = all->head; d && looked < LOOKED_AT; d = d->next, looked++) {
        struct connection *c = lws_container_of(d, struct connection, stand);
        if (c->stands_since > before)
            break;
        if (!can_go(c))
            continue;
        if (is_of_many(c))
            return c;
        oldest = oldest ? oldest : c;
    }
    return oldest;
}

static bool evict(struct endpoint *e)
{
    for (size_t i = 0; i < sizeof goes_first / sizeof *goes_first; i++) {
        struct connection *c = first_to_go(e, goes_first[i].standing, goes_first[i].age);
        if (c) {
            connection_drop(c, "given up for a newer connection: there were too many");
            return true;
        }
    }
    return false;
}

static void on_resume(lws_sorted_usec_list_t *timer)
{
    struct endpoint *e = lws_container_of(timer, struct endpoint, resume);
    e->max_connections = e->most_connections;
    lws_rx_flow_control(e->listener, 1);
}

/* The descriptors that were counted as free are not: something else of this process or system has
 * them. Whether there is one now. */
static bool find_descriptor(struct endpoint *e)
{
    bool found = true;
    lws_usec_t again = RECOVERY_US;
    e->max_connections = e->connections > LEAST_CONNECTIONS ? e->connections : LEAST_CONNECTIONS;
    if (e->spare >= 0) {
        close(e->spare);
        e->spare = -1;
    } else if (!evict(e)) {
        /* The listening socket stays readable: looking away saves a busy loop. */
        lws_rx_flow_control(e->listener, 0);
        again = ACCEPT_PAUSE_US;
        found = false;
    }
    lws_sul_schedule(e->context, 0, &e->resume, on_resume, again);
    return found;
}

static void take_in(struct endpoint *e, int fd)
{
    int on = 1;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    lws_adopt_descriptor_vhost(e->vhost, LWS_ADOPT_SOCKET | LWS_ADOPT_ALLOW_SSL,
                               (lws_sock_file_fd_type){.sockfd = fd}, endpoint_protocols[0].name,
                               NULL);
}

static bool is_want_of_descriptors(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

void endpoint_accept(struct endpoint *e)
{
    int listener = lws_get_socket_fd(e->listener);
    size_t some = e->max_connections / 4 + 1;
    if (e->spare < 0)
        e->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    for (size_t i = 0; i < some && i < ACCEPTS_A_TURN; i++) {
        /* With nobody to go, the next turn will have somebody. */
        if (e->connections >= e->max_connections && !evict(e))
            return;
        int fd = accept(listener, NULL, NULL);
        if (fd >= 0) {
            take_in(e, fd);
        } else if (is_want_of_descriptors(errno)) {
            if (!find_descriptor(e))
                return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return;
        }
    }
}
