namespace Gantry.Estate.Pipelines.Lint;

/// <summary>
/// Settings of the components that are used most, as data: names and what they hold, from the config.schema.yaml files of the collector at v0.159.0 (core, whole) and
/// from the READMEs of contrib components (their first level). Facts only, none of their words.
/// <para>
/// A line: section, type by its newest name, signals ("*": any), and settings. <c>name</c> holds anything, <c>name:duration</c>, <c>name:integer</c>, <c>name:boolean</c> are checked, <c>name=a|b</c> is
/// one of these, <c>name@shape</c> holds a mapping of the shape of that name, <c>@shape</c> alone takes its settings in. A line that ends in <c>~</c> is not known to be whole: there only what
/// looks like a typing error is told.
/// </para>
/// </summary>
internal static class SettingsTable
{
    public const string Shapes = """
        tls            insecure:boolean insecure_skip_verify:boolean server_name_override ca_file ca_pem cert_file cert_pem key_file key_pem min_version max_version cipher_suites curve_preferences include_system_ca_certs_pool:boolean reload_interval:duration tpm
        tlsserver      client_ca_file client_ca_file_reload:boolean ca_file ca_pem cert_file cert_pem key_file key_pem min_version max_version cipher_suites curve_preferences include_system_ca_certs_pool:boolean reload_interval:duration tpm
        auth           authenticator request_params
        keepalive      time:duration timeout:duration permit_without_stream:boolean
        kaserver       enforcement_policy@kapolicy server_parameters@kaparameters
        kapolicy       min_time:duration permit_without_stream:boolean
        kaparameters   max_connection_idle:duration max_connection_age:duration max_connection_age_grace:duration time:duration timeout:duration
        cors           allowed_origins allowed_headers exposed_headers max_age:integer
        retry          enabled:boolean initial_interval:duration randomization_factor multiplier max_interval:duration max_elapsed_time:duration
        queue          enabled:boolean num_consumers:integer queue_size:integer sizer=requests|items|bytes storage wait_for_result:boolean block_on_overflow:boolean blocking:boolean batch@queuebatch
        queuebatch     enabled:boolean flush_timeout:duration min_size:integer max_size:integer sizer=items|bytes|requests partition
        grpcclient     endpoint compression=gzip|snappy|zstd|none|zlib|deflate|lz4 tls@tls keepalive@keepalive read_buffer_size:integer write_buffer_size:integer wait_for_ready:boolean headers balancer_name authority auth@auth middlewares user_agent
        httpclient     endpoint proxy_url tls@tls read_buffer_size:integer write_buffer_size:integer timeout:duration headers auth@auth compression=gzip|zstd|snappy|x-snappy-framed|zlib|deflate|lz4|none compression_params max_idle_conns:integer max_idle_conns_per_host:integer max_conns_per_host:integer idle_conn_timeout:duration disable_keep_alives:boolean http2_read_idle_timeout:duration http2_ping_timeout:duration cookies middlewares force_attempt_http2:boolean
        grpcserver     endpoint transport dialer tls@tlsserver keepalive@kaserver max_recv_msg_size_mib:integer max_concurrent_streams:integer read_buffer_size:integer write_buffer_size:integer auth@auth include_metadata:boolean middlewares
        httpserver     endpoint transport dialer tls@tlsserver cors@cors auth@auth max_request_body_size:integer include_metadata:boolean response_headers compression_algorithms read_timeout:duration read_header_timeout:duration write_timeout:duration idle_timeout:duration keep_alives_enabled:boolean middlewares
        otlphttpserver @httpserver traces_url_path metrics_url_path logs_url_path profiles_url_path
        otlpprotocols  grpc@grpcserver http@otlphttpserver
        scraper        collection_interval:duration initial_delay:duration timeout:duration
        """;

    public const string Components = """
        receivers  otlp                    *                   protocols@otlpprotocols
        receivers  nop                     *
        receivers  prometheus              metrics             config trim_metric_suffixes:boolean use_start_time_metric:boolean start_time_metric_regex report_extra_scrape_metrics:boolean api_server target_allocator ~
        receivers  host_metrics            metrics,logs        @scraper scrapers root_path metadata_collection_interval:duration ~
        receivers  kubelet_stats           metrics             @scraper auth_type=none|tls|serviceAccount|kubeConfig endpoint node insecure_skip_verify:boolean metric_groups extra_metadata_labels k8s_api_config metrics resource_attributes ~
        receivers  k8s_cluster             metrics,logs        auth_type collection_interval:duration node_conditions_to_report allocatable_types_to_report distribution metadata_exporters metadata_collection_interval:duration metrics resource_attributes namespace ~
        receivers  k8s_events              logs                auth_type namespaces ~
        receivers  file_log                logs                include exclude start_at=beginning|end multiline force_flush_period:duration encoding preserve_leading_whitespaces:boolean preserve_trailing_whitespaces:boolean include_file_name:boolean include_file_path:boolean include_file_name_resolved:boolean include_file_path_resolved:boolean include_file_owner_name:boolean include_file_owner_group_name:boolean include_file_record_number:boolean include_file_record_offset:boolean poll_interval:duration fingerprint_size initial_buffer_size max_log_size max_log_size_behavior max_concurrent_files:integer max_batches:integer delete_after_read:boolean acquire_fs_lock:boolean attributes resource operators storage header retry_on_failure ordering_criteria compression polls_to_archive:integer exclude_older_than:duration ~
        receivers  journald                logs                directory files units identifiers matches priority grep dmesg:boolean all:boolean namespace convert_message_bytes:boolean merge:boolean start_at=beginning|end storage operators retry_on_failure attributes resource ~
        receivers  kafka                   *                   ~
        receivers  jaeger                  traces              protocols ~
        receivers  zipkin                  traces              @httpserver parse_string_tags:boolean ~
        processors batch                   *                   timeout:duration send_batch_size:integer send_batch_max_size:integer metadata_keys metadata_cardinality_limit:integer
        processors memory_limiter          *                   check_interval:duration limit_mib:integer spike_limit_mib:integer limit_percentage:integer spike_limit_percentage:integer min_gc_interval_when_soft_limited:duration min_gc_interval_when_hard_limited:duration max_gc_interval_when_soft_limited:duration max_gc_interval_when_hard_limited:duration
        processors attributes              *                   actions include exclude
        processors resource                *                   attributes
        processors filter                  *                   error_mode=ignore|silent|propagate traces metrics logs profiles spans trace_conditions metric_conditions log_conditions profile_conditions ~
        processors transform               *                   error_mode=ignore|silent|propagate trace_statements metric_statements log_statements profile_statements flatten_data:boolean ~
        processors k8s_attributes          *                   auth_type=none|serviceAccount|kubeConfig|tls passthrough:boolean extract filter pod_association exclude wait_for_metadata:boolean wait_for_metadata_timeout:duration ~
        processors resource_detection      *                   detectors override:boolean timeout:duration refresh_interval:duration system ec2 gcp azure aks eks ecs docker env heroku consul k8snode k8s_api openshift lambda elastic_beanstalk dynatrace ~
        processors probabilistic_sampler   traces,logs         sampling_percentage hash_seed:integer mode fail_closed:boolean sampling_precision:integer attribute_source from_attribute sampling_priority
        processors tail_sampling           traces              decision_wait:duration decision_wait_after_root_received:duration num_traces:integer expected_new_traces_per_sec:integer policies decision_cache sample_on_first_match:boolean drop_pending_traces_on_shutdown:boolean ~
        processors group_by_attrs          *                   keys ~
        processors cumulative_to_delta     metrics             include exclude max_staleness:duration initial_value ~
        exporters  otlp_grpc               *                   @grpcclient timeout:duration sending_queue@queue retry_on_failure@retry batcher
        exporters  otlp_http               *                   @httpclient traces_endpoint metrics_endpoint logs_endpoint profiles_endpoint encoding=proto|json sending_queue@queue retry_on_failure@retry batcher
        exporters  debug                   *                   verbosity=basic|normal|detailed sampling_initial:integer sampling_thereafter:integer use_internal_logger:boolean output_paths sending_queue@queue
        exporters  nop                     *
        exporters  prometheus              metrics             @httpserver namespace const_labels send_timestamps:boolean metric_expiration:duration resource_to_telemetry_conversion enable_open_metrics:boolean add_metric_suffixes:boolean translation_strategy ~
        exporters  prometheus_remote_write metrics             @httpclient namespace external_labels remote_write_queue resource_to_telemetry_conversion retry_on_failure@retry target_info wal add_metric_suffixes:boolean translation_strategy send_metadata:boolean max_batch_size_bytes:integer ~
        exporters  load_balancing          traces,metrics,logs protocol resolver routing_key routing_attributes timeout:duration sending_queue@queue retry_on_failure@retry ~
        exporters  file                    *                   path format=json|proto rotation compression append:boolean flush_interval:duration group_by create_directory:boolean directory_permissions encoding ~
        connectors span_metrics            traces,metrics      histogram dimensions calls_dimensions exclude_dimensions dimensions_cache_size:integer resource_metrics_cache_size:integer resource_metrics_key_attributes aggregation_temporality metrics_flush_interval:duration metrics_expiration:duration metric_timestamp_cache_size:integer exemplars events namespace aggregation_cardinality_limit:integer add_resource_attributes:boolean ~
        connectors service_graph           traces,metrics      latency_histogram_buckets dimensions store cache_loop:duration store_expiration_loop:duration virtual_node_peer_attributes virtual_node_extra_label:boolean metrics_flush_interval:duration database_name_attribute database_name_attributes exponential_histogram_max_size:integer ~
        connectors forward                 *
        extensions health_check            *                   @httpserver path response_body use_v2:boolean component_health http grpc ~
        extensions zpages                  *                   @httpserver expvar
        extensions pprof                   *                   endpoint dialer block_profile_fraction:integer mutex_profile_fraction:integer save_to_file
        extensions file_storage            *                   directory timeout:duration compaction fsync:boolean create_directory:boolean directory_permissions recreate:boolean max_size ~
        """;

    /// <summary>Settings that were removed, or do nothing any more: section, type, path, version, what to write instead.</summary>
    public const string Gone = """
        receivers  prometheus              use_start_time_metric        0.143.0  use the metric_start_time processor
        receivers  prometheus              start_time_metric_regex      0.143.0  use the metric_start_time processor
        receivers  prometheus              report_extra_scrape_metrics  0.149.0  leave it out
        exporters  prometheus_remote_write add_metric_suffixes          0.152.0  write translation_strategy: UnderscoreEscapingWithoutSuffixes
        exporters  prometheus              add_metric_suffixes          0.154.0  write translation_strategy: UnderscoreEscapingWithoutSuffixes
        connectors span_metrics            dimensions_cache_size        0.130.0  write aggregation_cardinality_limit
        """;
}
