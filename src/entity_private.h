/*
 * What the files behind entity.h share.
 */
#ifndef ANCHORTOP_ENTITY_PRIVATE_H
#define ANCHORTOP_ENTITY_PRIVATE_H

#include "entity.h"
#include "entity_ended.h"
#include "member.h"
#include "spent.h"

/* What is special about a kind. */
struct entity_class {
    size_t size; /* of its struct */
    const struct member *members;
    size_t member_count;
    void (*fold)(struct entities *entities, struct entity *entity,
                 const struct entity_facts *facts);
    void (*forget)(struct entities *entities, struct entity *entity); /* before it goes, or NULL */
};

extern const struct entity_class *const entity_classes[ENTITY_TABLES];
extern const struct entity_class task_class, session_class, intervention_class, batch_class,
    identity_class;

/* Interventions that wait, by their first request. */
struct waiting {
    struct intervention **items;
    size_t count, capacity;
};

struct entities {
    struct hash_seed seed;
    struct fact_fields fields;
    size_t limit;                 /* of each kind */
    int64_t bytes_limit;          /* of all of them */
    int64_t bytes[ENTITY_TABLES]; /* that are held */
    bool past;                    /* what is being folded came before all else */
    bool past_expected;           /* such events may still come */
    struct ended ended;           /* forgotten, while they may */
    struct ended ended_before;    /* likewise, where nothing but the past had reached it */
    struct table *tables[ENTITY_TABLES];
    struct waiting waiting;
    struct hour hour;
    struct spent spent;
    struct costs costs;
};

static inline void fold_last(struct entity_last *last, const struct entity_facts *facts)
{
    if (stamp_advance(&last->at, &facts->stamp))
        last->outcome = facts->outcome;
}

static inline void fold_latest_id(struct latest_text *latest, const struct entity_facts *facts,
                                  enum id_kind kind)
{
    if (facts->ids.of[kind].text)
        latest_text_fold(latest, &facts->stamp, facts->ids.of[kind].text);
}

static inline void fold_latest_text(struct latest_text *latest, const struct entity_facts *facts,
                                    enum fact fact)
{
    if (facts->has[fact])
        latest_text_fold(latest, &facts->stamp, facts->values[fact].text);
}

static inline void fold_latest_number(struct latest_number *latest,
                                      const struct entity_facts *facts, enum fact fact)
{
    int64_t number;
    if (fact_number(facts, fact, &number))
        latest_number_fold(latest, &facts->stamp, number);
}

/* Takes down that the event names something else. */
static inline void fold_ref(struct refs *refs, const struct entity_facts *facts, enum id_kind kind,
                            const char *other)
{
    const struct event_id *id = &facts->ids.of[kind];
    if (id->text)
        refs_fold(refs, &(struct ref){.at = facts->stamp,
                                      .hash = id->hash,
                                      .id = (char *)id->text,
                                      .other = (char *)other,
                                      .outcome = facts->outcome});
}

/* The session has ended: those that waited in it are abandoned. */
void interventions_abandon(struct entities *entities, struct session *session);

/* While the past is read: whether a request was over before it was forgotten. It was by itself,
 * with its session, or by an end of its id that names no session. */
bool request_was_over(const struct entities *entities, uint64_t hash, const struct event_ids *ids);

/* Forgets what is too much, in number of a kind or in bytes of all. */
void entities_make_room(struct entities *entities, enum entity_kind kind);

static inline struct entity *from_node(struct table_node *node)
{
    return (struct entity *)node;
}

void waiting_free(struct waiting *waiting);

#endif
