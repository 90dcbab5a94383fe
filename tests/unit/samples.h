/*
 * One event of each type of the catalogue, with the payloads of
 * https://docs.anchorbrowser.io/webhooks/events in the envelope that they come in.
 */
#ifndef ANCHORTOP_SAMPLES_H
#define ANCHORTOP_SAMPLES_H

/* What the envelope of every sample holds beside `type` and `data`. */
#define SAMPLE_ID      "evt_01HXJ4MZ7K9P3Q6R8S2T4V5W7Y"
#define SAMPLE_CREATED "2026-05-24T12:18:05.123Z"
#define SAMPLE_PROJECT "5d2c31f6-ab7e-481a-b6fd-8b4a96a4e197"
#define SAMPLE_TEXT    "Something happened to `ses_8d2c1fda`"

#define SAMPLE(type, data)                                                                         \
    "{\"id\":\"" SAMPLE_ID "\",\"type\":\"" type "\",\"created\":\"" SAMPLE_CREATED                \
    "\",\"project_id\":\"" SAMPLE_PROJECT "\",\"text\":\"" SAMPLE_TEXT "\",\"data\":" data "}"

static const struct {
    const char *type, *body;
} samples[] = {
    {"task.completed",
     SAMPLE("task.completed",
            "{"
            "\"task_id\": \"tsk_4f8w9n2b-3d5a-45e7-89ab-cdef0123456f\","
            "\"task_version_id\": \"tv_demo_v3\","
            "\"execution_id\": \"exr_8d2c1fda-7b6e-4a3d-9c1f-0e2b3a4c5d6e\","
            "\"session_id\": \"ses_8d2c1fda\","
            "\"execution_mode\": \"deterministic\","
            "\"duration_ms\": 4218,"
            "\"cost\": { \"amount\": 0.012, \"currency\": \"USD\" },"
            "\"output\": { \"value\": { \"order_id\": \"8421\", \"status\": \"confirmed\" } },"
            "\"artifacts\": ["
            "{"
            "\"name\": \"order-confirmation.pdf\","
            "\"url\": "
            "\"https://api.anchorbrowser.io/v1/executions/exr_8d2c1fda/artifacts/art_1/fetch\","
            "\"size\": 38421,"
            "\"content_type\": \"application/pdf\""
            "}"
            "],"
            "\"recording_url\": "
            "\"https://anchor-recordings.s3.amazonaws.com/sessions/ses_8d2c1fda/videos/"
            "recording.mp4?...\","
            "\"session_dashboard_url\": \"https://app.anchorbrowser.io/sessions/ses_8d2c1fda\""
            "}")},
    {"task.failed",
     SAMPLE("task.failed",
            "{"
            "\"task_id\": \"tsk_4f8w9n2b\","
            "\"task_version_id\": \"tv_demo_v3\","
            "\"execution_id\": \"exr_8d2c1fda\","
            "\"session_id\": \"ses_8d2c1fda\","
            "\"duration_ms\": 1834,"
            "\"cost\": { \"amount\": 0.005, \"currency\": \"USD\" },"
            "\"error\": {"
            "\"type\": \"automation_failure\","
            "\"message\": \"Submit button selector did not match after 30s\","
            "\"root_cause\": \"Selector drift after target site redesign\""
            "},"
            "\"artifacts\": [],"
            "\"recording_url\": "
            "\"https://anchor-recordings.s3.amazonaws.com/sessions/ses_8d2c1fda/videos/"
            "recording.mp4?...\","
            "\"session_dashboard_url\": \"https://app.anchorbrowser.io/sessions/ses_8d2c1fda\""
            "}")},
    {"task.cancelled",
     SAMPLE("task.cancelled",
            "{"
            "\"task_id\": \"tsk_4f8w9n2b-3d5a-45e7-89ab-cdef0123456f\","
            "\"task_version_id\": \"tv_demo_v3\","
            "\"execution_id\": \"exr_8d2c1fda-7b6e-4a3d-9c1f-0e2b3a4c5d6e\","
            "\"session_id\": \"ses_8d2c1fda\","
            "\"execution_mode\": \"deterministic\","
            "\"duration_ms\": 2103,"
            "\"cost\": { \"amount\": 0.007, \"currency\": \"USD\" },"
            "\"artifacts\": [],"
            "\"session_dashboard_url\": \"https://app.anchorbrowser.io/sessions/ses_8d2c1fda\""
            "}")},
    {"task.healed",
     SAMPLE("task.healed",
            "{"
            "\"task_id\": \"tsk_4f8w9n2b\","
            "\"healed_task_version_id\": \"tv_demo_v4\","
            "\"source_execution_id\": \"exr_8d2c1fda\","
            "\"error_explanation\": \"Submit button moved into a new container.\","
            "\"fix_suggestion\": \"Use accessible label selector instead of XPath.\","
            "\"confidence_score\": 0.82,"
            "\"published_as_draft\": true"
            "}")},
    {"session.completed",
     SAMPLE("session.completed",
            "{"
            "\"session_id\": \"ses_8d2c1fda\","
            "\"duration_ms\": 27540,"
            "\"proxy_bytes\": 2581234,"
            "\"network_bytes_total\": 4891204,"
            "\"steps\": 12,"
            "\"domains\": [\"example.com\", \"api.example.com\"],"
            "\"session_dashboard_url\": \"https://app.anchorbrowser.io/sessions/ses_8d2c1fda\""
            "}")},
    {"session.failed",
     SAMPLE("session.failed",
            "{"
            "\"session_id\": \"ses_8d2c1fda\","
            "\"duration_ms\": 6789,"
            "\"reason\": \"browser_unreachable\","
            "\"session_dashboard_url\": \"https://app.anchorbrowser.io/sessions/ses_8d2c1fda\""
            "}")},
    {"session.recording.ready",
     SAMPLE("session.recording.ready",
            "{"
            "\"session_id\": \"ses_8d2c1fda\","
            "\"duration_ms\": 45000,"
            "\"size_bytes\": 1823456,"
            "\"session_dashboard_url\": \"https://app.anchorbrowser.io/sessions/ses_8d2c1fda\""
            "}")},
    {"intervention.requested",
     SAMPLE("intervention.requested",
            "{"
            "\"session_id\": \"ses_8d2c1fda\","
            "\"request_id\": \"req_4d2e9c6a\","
            "\"message\": \"Solve the captcha to continue\","
            "\"input_type\": \"confirm\","
            "\"live_view_url\": \"https://app.anchorbrowser.io/sessions/ses_8d2c1fda\""
            "}")},
    {"intervention.resolved", SAMPLE("intervention.resolved", "{"
                                                              "\"session_id\": \"ses_8d2c1fda\","
                                                              "\"request_id\": \"req_4d2e9c6a\""
                                                              "}")},
    {"batch.completed", SAMPLE("batch.completed", "{"
                                                  "\"batch_id\": \"bat_92ab7de1\","
                                                  "\"total_requests\": 25,"
                                                  "\"completed_requests\": 25,"
                                                  "\"failed_requests\": 0,"
                                                  "\"status\": \"completed\""
                                                  "}")},
    {"batch.failed", SAMPLE("batch.failed", "{"
                                            "\"batch_id\": \"bat_92ab7de1\","
                                            "\"total_requests\": 25,"
                                            "\"completed_requests\": 18,"
                                            "\"failed_requests\": 7,"
                                            "\"status\": \"failed\""
                                            "}")},
    {"identity.authenticated",
     SAMPLE("identity.authenticated", "{"
                                      "\"identity_id\": \"idn_acme_orders\","
                                      "\"application_id\": \"app_acme\","
                                      "\"session_id\": \"ses_8d2c1fda\","
                                      "\"execution_id\": \"exr_8d2c1fda\""
                                      "}")},
    {"identity.authentication_failed",
     SAMPLE("identity.authentication_failed", "{"
                                              "\"identity_id\": \"idn_acme_orders\","
                                              "\"application_id\": \"app_acme\","
                                              "\"execution_id\": \"exr_8d2c1fda\","
                                              "\"failure_type\": \"invalid_credentials\","
                                              "\"error_message\": \"login_succeeded was false\""
                                              "}")},
};

#endif
