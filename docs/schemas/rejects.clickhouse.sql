CREATE TABLE IF NOT EXISTS rejects (
  "uri" String,
  "source_id" Nullable(String),
  "stage" String,
  "reason" String,
  "message" String,
  "sample" String
) ENGINE = ReplacingMergeTree ORDER BY uri;
