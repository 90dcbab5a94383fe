/*
 * Connections from accept() to close(): their queues, their requests in turns, their rows in the
 * list of deliveries.
 */
#include <fcntl.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "endpoint_private.h"
#include "text.h"

static const struct endpoint_queue queue_kinds[WAITS] = {
    [WAIT_REQUEST] = {.patience = 30 * LWS_US_PER_SEC},
    [WAIT_DELIVERY] = {.patience = 10 * LWS_US_PER_SEC},
    [WAIT_GOODBYE] = {.patience = 10 * LWS_US_PER_SEC},
};

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void connection_drop(struct connection *c, const char *why)
{
    c->lost = why;
    lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
}

static struct connection *first_of(struct endpoint_queue *queue)
{
    struct lws_dll2 *head = lws_dll2_get_head(&queue->connections);
    return head ? lws_container_of(head, struct connection, place) : NULL;
}

static void on_queue_timer(lws_sorted_usec_list_t *timer);

static void arm(struct endpoint_queue *queue)
{
    struct connection *first = first_of(queue);
    if (queue->armed || !first)
        return;
    lws_usec_t now = lws_now_usecs();
    queue->armed = true;
    lws_sul_schedule(queue->endpoint->context, 0, &queue->timer, on_queue_timer,
                     first->deadline > now ? first->deadline - now : 1);
}

static void wait_for(struct connection *c, enum endpoint_wait wait)
{
    struct endpoint_queue *queue = &c->endpoint->queues[wait];
    lws_dll2_remove(&c->place);
    c->deadline = lws_now_usecs() + queue->patience;
    lws_dll2_add_tail(&c->place, &queue->connections);
    arm(queue);
}

static void answer_is_due(struct connection *c)
{
    if (lws_dll2_is_detached(&c->turn))
        lws_dll2_add_tail(&c->turn, &c->endpoint->turn);
}

/* Who is too slow gets told; who says nothing is let go. */
static void on_queue_timer(lws_sorted_usec_list_t *timer)
{
    struct endpoint_queue *queue = lws_container_of(timer, struct endpoint_queue, timer);
    lws_usec_t now = lws_now_usecs();
    queue->armed = false;
    for (struct connection *c; (c = first_of(queue)) && c->deadline <= now;) {
        if (queue == &queue->endpoint->queues[WAIT_DELIVERY]) {
            exchange_refuse(&c->exchange, 408, "the delivery was not complete after 10 s");
            answer_is_due(c);
            wait_for(c, WAIT_GOODBYE);
        } else {
            connection_drop(c, NULL);
        }
    }
    arm(queue);
    /* Timers run before the loop waits for sockets: what they brought about must not wait too. */
    if (queue->endpoint->turn.count > 0 || queue->endpoint->stirred)
        lws_cancel_service(queue->endpoint->context);
}

static void begin_row(struct connection *c, enum delivery_result result)
{
    const struct exchange *x = &c->exchange;
    uint64_t bytes = x->received;
    c->row = (struct delivery){
        .received_ms = now_ms(),
        .bytes = bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX,
        .result = (uint8_t)result,
    };
    snprintf(c->row.peer, sizeof c->row.peer, "%s", c->peer);
    if (x->request.delivery_id)
        text_clean(c->row.delivery_id, sizeof c->row.delivery_id, x->request.delivery_id,
                   strlen(x->request.delivery_id), 0);
}

static void finish_row(struct connection *c)
{
    lws_usec_t took = lws_now_usecs() - c->began;
    c->row.micros = took < (lws_usec_t)UINT32_MAX ? (uint32_t)took : UINT32_MAX;
    store_add_delivery(c->endpoint->admissions.store, &c->row);
    c->endpoint->stirred = true;
}

static void record_lost(struct connection *c, const char *reason)
{
    begin_row(c, DELIVERY_ABORTED);
    snprintf(c->row.reason, sizeof c->row.reason, "%s", reason);
    finish_row(c);
}

static void judge_body(struct connection *c)
{
    struct endpoint *e = c->endpoint;
    struct exchange *x = &c->exchange;
    struct admission admission = {
        .raw = x->buffer,
        .length = x->length,
        .delivery_id = x->request.delivery_id,
        .received_ms = c->row.received_ms,
    };
    x->verdict = intake_body(&e->rules, e->signer, &x->request.head, x->buffer, x->length,
                             admission.received_ms, &admission.event, &admission.verified);
    x->judged = true;
    c->row.verified = admission.verified;
    if (x->verdict.status == 200)
        c->admission = admit_add(&e->admissions, &admission);
}

/* Decides about a ready request; what is good is to be admitted. */
static void judge(struct connection *c)
{
    begin_row(c, DELIVERY_REFUSED);
    c->admission = NULL;
    if (!c->exchange.judged)
        judge_body(c);
}

/* Judges requests whose answers are due, for as long as what is good may be admitted together.
 * Returns how many. */
static uint32_t judge_some(struct endpoint *e)
{
    uint32_t due = 0;
    lws_start_foreach_dll(struct lws_dll2 *, d, e->turn.head)
    {
        if (admit_is_full(&e->admissions))
            break;
        judge(lws_container_of(d, struct connection, turn));
        due++;
    }
    lws_end_foreach_dll(d);
    return due;
}

/* The row of a request for which everything is decided. */
static void settle(struct connection *c)
{
    struct verdict *verdict = &c->exchange.verdict;
    const struct admission *admission = c->admission;
    if (admission) {
        const char *id = admission->event.id;
        c->row.result = (uint8_t)admission->result;
        c->row.seq = admission->seq;
        c->row.row = admission->row;
        text_clean(c->row.event_id, sizeof c->row.event_id, id, strlen(id), 0);
        if (admission->refused) {
            verdict->status = 503;
            snprintf(verdict->reason, sizeof verdict->reason, "%s", c->endpoint->admissions.reason);
        }
    }
    c->row.status = (uint16_t)verdict->status;
    text_clean(c->row.reason, sizeof c->row.reason, verdict->reason, strlen(verdict->reason), 0);
}

static void write_body(const struct connection *c, char body[ANSWER_BODY_SIZE])
{
    const struct verdict *verdict = &c->exchange.verdict;
    if (verdict->status == 200)
        snprintf(body, ANSWER_BODY_SIZE, "{\"status\":\"%s\"}",
                 verdict->health                       ? "ok"
                 : c->row.result == DELIVERY_DUPLICATE ? "duplicate"
                                                       : "accepted");
    else
        answer_error(body, verdict->reason);
}

static void on_tend(lws_sorted_usec_list_t *timer);

static void note_trouble(struct endpoint *e, const char *reason)
{
    snprintf(e->unwell, sizeof e->unwell, "%s", reason);
    e->looked = lws_now_usecs();
    if (*reason)
        lws_sul_schedule(e->context, 0, &e->tend, on_tend, HISTORY_RETRY_MS * LWS_US_PER_MS);
}

/* A health check is answered as a delivery would be, and costs the disk no more than one a
 * second. */
static void look_after_health(struct connection *c)
{
    struct endpoint *e = c->endpoint;
    struct verdict *verdict = &c->exchange.verdict;
    char reason[INTAKE_REASON_SIZE] = "";
    if (e->admissions.history && lws_now_usecs() - e->looked >= LWS_US_PER_SEC) {
        history_write(e->admissions.history, NULL, 0, reason, sizeof reason);
        note_trouble(e, reason);
    }
    if (!*e->unwell)
        return;
    verdict->status = 503;
    snprintf(verdict->reason, sizeof verdict->reason, "%s", e->unwell);
}

/* False when the connection is of no more use: gone, or answers pile up that nobody reads. */
static bool send_bytes(struct connection *c, size_t length)
{
    if (lws_partial_buffered(c->wsi))
        return false;
    unsigned char *bytes = c->endpoint->out + LWS_PRE;
    return lws_write(c->wsi, bytes, length, LWS_WRITE_RAW) == (int)length &&
           !lws_partial_buffered(c->wsi);
}

static bool send_answer(struct connection *c)
{
    char body[ANSWER_BODY_SIZE];
    write_body(c, body);
    const struct answer answer = {
        .status = c->exchange.verdict.status,
        .body = body,
        .now_s = c->row.received_ms / 1000,
        .close = exchange_is_last(&c->exchange),
        .head_only = strcmp(c->exchange.request.head.method, "HEAD") == 0,
    };
    return send_bytes(c, answer_format((char *)c->endpoint->out + LWS_PRE, &answer));
}

/* Says that nothing more will come. Closing with unread input would take the answer away from a
 * sender that is still writing, so that what it sends is read for a while and dropped. */
static void say_goodbye(struct connection *c)
{
    SSL *ssl = lws_get_ssl(c->wsi);
    if (ssl)
        SSL_shutdown(ssl);
    shutdown(lws_get_socket_fd(c->wsi), SHUT_WR);
    connection_stand(c, STANDING_LEAVING);
    wait_for(c, WAIT_GOODBYE);
}

static void answer(struct connection *c)
{
    bool health = c->exchange.verdict.health;
    if (health)
        look_after_health(c);
    settle(c);
    bool sent = send_answer(c);
    if (!sent && c->row.result == DELIVERY_REFUSED)
        c->row.result = DELIVERY_ABORTED;
    if (!sent)
        c->row.status = 0;
    if (!health)
        finish_row(c);
    c->proven |= c->row.result == DELIVERY_ACCEPTED || c->row.result == DELIVERY_DUPLICATE;

    exchange_next(&c->exchange);
    if (!sent) {
        c->exchange.state = EXCHANGE_CLOSED;
        connection_drop(c, NULL);
        return;
    }
    if (c->proven)
        connection_stand(c, STANDING_PROVEN);
    switch (c->exchange.state) {
    case EXCHANGE_READY: answer_is_due(c); break;
    case EXCHANGE_CLOSED: say_goodbye(c); break;
    default: wait_for(c, WAIT_REQUEST);
    }
}

static void on_tend(lws_sorted_usec_list_t *timer)
{
    struct endpoint *e = lws_container_of(timer, struct endpoint, tend);
    unsigned said = history_said(e->admissions.history);
    int64_t pause_ms = history_tend(e->admissions.history);
    lws_sul_schedule(e->context, 0, timer, on_tend, pause_ms * LWS_US_PER_MS);
    if (e->changed && said != history_said(e->admissions.history))
        e->changed(e->changed_context);
}

/* Makes everything durable at once that was judged, and remembers it. */
static void admit(struct endpoint *e)
{
    admit_all(&e->admissions);
    if (e->admissions.count > 0 && e->admissions.list[0].refused)
        note_trouble(e, e->admissions.reason);
}

void endpoint_finish_turn(struct endpoint *e)
{
    e->turns++;
    while (e->turn.count > 0) {
        uint32_t due = judge_some(e);
        admit(e);
        for (; due > 0; due--) {
            struct lws_dll2 *head = e->turn.head;
            lws_dll2_remove(head);
            answer(lws_container_of(head, struct connection, turn));
        }
        admit_clear(&e->admissions);
    }
    if (e->stirred && e->changed)
        e->changed(e->changed_context);
    e->stirred = false;
}

/* Returns -1 to end the connection. */
static int adopt(struct connection *c, struct lws *wsi)
{
    struct endpoint *e = lws_context_user(lws_get_context(wsi));
    char address[LISTEN_TEXT_SIZE];
    int socket = lws_get_socket_fd(wsi);
    listen_peer_address(socket, address);
    if (!room_enter(e->room, &c->exchange.guest, address))
        return -1;
    c->endpoint = e;
    c->wsi = wsi;
    c->arrived = e->turns;
    e->connections++;
    listen_peer_text(socket, c->peer);
    connection_stand(c, STANDING_NEW);
    wait_for(c, WAIT_REQUEST);
    return 0;
}

static bool is_between_requests(const struct exchange *x)
{
    return x->state == EXCHANGE_IDLE || x->state == EXCHANGE_SKIP;
}

/* Returns -1 to end the connection. */
static int receive(struct connection *c, const char *data, size_t length)
{
    struct endpoint *e = c->endpoint;
    struct exchange *x = &c->exchange;
    /* Our own queues tell the time; the library's is left over from the TLS handshake. */
    lws_set_timeout(c->wsi, NO_PENDING_TIMEOUT, 0);
    bool fresh = is_between_requests(x), had_body = x->state == EXCHANGE_BODY;
    if (fresh)
        c->began = lws_now_usecs();
    exchange_feed(x, &e->rules, now_ms(), data, length);
    if (exchange_wants_continue(x)) {
        size_t size = strlen(answer_continue);
        memcpy(e->out + LWS_PRE, answer_continue, size);
        if (!send_bytes(c, size))
            return -1;
    }
    if (x->state == EXCHANGE_BODY && !had_body && !c->proven)
        connection_stand(c, STANDING_BODY);
    if (x->state == EXCHANGE_READY)
        answer_is_due(c);
    else if (fresh && !is_between_requests(x))
        wait_for(c, WAIT_DELIVERY);
    return 0;
}

static void closed(struct connection *c)
{
    struct endpoint *e = c->endpoint;
    if (!e)
        return;
    SSL *ssl = lws_get_ssl(c->wsi);
    bool unfinished = !is_between_requests(&c->exchange) && c->exchange.state != EXCHANGE_CLOSED;
    if (!e->closing && unfinished)
        record_lost(c, c->lost ? c->lost : "the sender closed the connection before the end");
    else if (!e->closing && ssl && !SSL_is_init_finished(ssl)) {
        c->began = lws_now_usecs();
        record_lost(c, "no TLS handshake: plain http://, or the certificate is not trusted");
    }
    lws_dll2_remove(&c->place);
    lws_dll2_remove(&c->turn);
    lws_dll2_remove(&c->stand);
    exchange_free(&c->exchange);
    e->connections--;
    c->endpoint = NULL;
}

/* The library tells its TLS context once, when the vhost is made, in a callback that has nothing to
 * do with a connection. */
static void keep_tls(struct lws *wsi, SSL_CTX *context)
{
    struct endpoint *e = lws_context_user(lws_get_context(wsi));
    e->tls = context;
}

static int on_connection(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                         size_t length)
{
    switch (reason) {
    case LWS_CALLBACK_RAW_ADOPT: return adopt(user, wsi);
    case LWS_CALLBACK_RAW_RX: return receive(user, in, length);
    case LWS_CALLBACK_RAW_CLOSE: closed(user); return 0;
    case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS: keep_tls(wsi, user); return 0;
    default: return 0;
    }
}

static int on_listener(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t length)
{
    (void)user, (void)in, (void)length;
    if (reason == LWS_CALLBACK_RAW_RX_FILE)
        endpoint_accept(lws_context_user(lws_get_context(wsi)));
    return 0;
}

const struct lws_protocols endpoint_protocols[] = {
    {.name = "connection",
     .callback = on_connection,
     .per_session_data_size = sizeof(struct connection)},
    {.name = "listener", .callback = on_listener},
    {0},
};

/* A guest of the room has to give up what it holds, and is told so. */
static void make_room(struct room_guest *guest)
{
    struct exchange *x = lws_container_of(guest, struct exchange, guest);
    struct connection *c = lws_container_of(x, struct connection, exchange);
    exchange_refuse_for_memory(x);
    answer_is_due(c);
}

bool endpoint_open(struct endpoint *e, int socket)
{
    for (int i = 0; i < WAITS; i++) {
        e->queues[i] = queue_kinds[i];
        e->queues[i].endpoint = e;
    }
    e->max_connections = e->most_connections;
    e->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
    e->room = room_new(make_room);
    if (e->room)
        e->listener = lws_adopt_descriptor_vhost(e->vhost, LWS_ADOPT_RAW_FILE_DESC,
                                                 (lws_sock_file_fd_type){.filefd = socket},
                                                 endpoint_protocols[1].name, NULL);
    if (!e->listener)
        close(socket);
    if (e->listener && e->admissions.history)
        lws_sul_schedule(e->context, 0, &e->tend, on_tend, HISTORY_RETRY_MS * LWS_US_PER_MS);
    return e->listener;
}

void endpoint_close(struct endpoint *e)
{
    room_free(e->room);
    if (e->room && e->spare >= 0)
        close(e->spare);
}
