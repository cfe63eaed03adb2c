namespace Gantry.Estate.Pipelines;

/// <summary>
/// Component types that changed, as data: a line each, from the release notes of the collector (core) and of its contrib distribution. To add one: where it
/// is written, section, old type, new type, the version that has it, and, only where the old name was not understood beside it at once, the version from which it
/// is. A type that is gone has "-" for its new one, and then what to use instead. The release notes of that version are the source of its line.
/// </summary>
internal static class ComponentTypeTable
{
    public const string Text = """
        # from    section     before                       now                            since    [alias since]
        core      exporters   otlp                         otlp_grpc                      0.144.0
        core      exporters   otlphttp                     otlp_http                      0.144.0
        contrib   receivers   azureeventhub                azure_event_hub                0.145.0
        contrib   receivers   mongodbatlas                 mongodb_atlas                  0.145.0
        contrib   connectors  signaltometrics              signal_to_metrics              0.146.0
        contrib   processors  k8sattributes                k8s_attributes                 0.146.0
        contrib   exporters   azureblob                    azure_blob                     0.148.0
        contrib   exporters   googlecloudstorage           google_cloud_storage           0.148.0
        contrib   extensions  azureauth                    azure_auth                     0.148.0
        contrib   extensions  cgroupruntime                cgroup_runtime                 0.148.0
        contrib   extensions  googlecloudlogentry_encoding google_cloud_logentry_encoding 0.148.0 0.151.0
        contrib   processors  metricstarttime              metric_start_time              0.148.0
        contrib   receivers   azureblob                    azure_blob                     0.148.0
        contrib   receivers   azuremonitor                 azure_monitor                  0.148.0
        contrib   receivers   ciscoos                      cisco_os                       0.148.0 0.151.0
        contrib   receivers   macosunifiedlogging          macos_unified_logging          0.148.0
        contrib   receivers   prometheusremotewrite        prometheus_remote_write        0.148.0
        contrib   receivers   yanggrpc                     yang_grpc                      0.148.0
        contrib   receivers   filelog                      file_log                       0.149.0
        contrib   receivers   httpcheck                    http_check                     0.150.0
        contrib   receivers   tcplog                       tcp_log                        0.150.0
        contrib   receivers   tlscheck                     tls_check                      0.150.0
        contrib   receivers   udplog                       udp_log                        0.150.0
        contrib   receivers   windowseventlog              windows_event_log              0.150.0 0.151.0
        contrib   connectors  servicegraph                 service_graph                  0.151.0
        contrib   connectors  spanmetrics                  span_metrics                   0.151.0
        contrib   processors  logdedup                     log_dedup                      0.151.0
        contrib   receivers   filestats                    file_stats                     0.151.0
        contrib   receivers   fluentforward                fluent_forward                 0.151.0
        contrib   receivers   hostmetrics                  host_metrics                   0.151.0
        contrib   receivers   k8sobjects                   k8s_objects                    0.151.0
        contrib   receivers   sshcheck                     ssh_check                      0.151.0
        contrib   connectors  roundrobin                   round_robin                    0.152.0
        contrib   processors  metricstransform             metrics_transform              0.152.0
        contrib   receivers   cloudfoundry                 cloud_foundry                  0.152.0
        contrib   receivers   googlecloudspanner           google_cloud_spanner           0.152.0
        contrib   receivers   kafkametrics                 kafka_metrics                  0.152.0
        contrib   receivers   kubeletstats                 kubelet_stats                  0.152.0
        contrib   receivers   tcpcheck                     tcp_check                      0.152.0
        contrib   exporters   loadbalancing                load_balancing                 0.153.0
        contrib   processors  resourcedetection            resource_detection             0.153.0
        contrib   exporters   prometheusremotewrite        prometheus_remote_write        0.154.0
        contrib   receivers   apachespark                  apache_spark                   0.154.0
        contrib   receivers   windowsservice               windows_service                0.154.0
        contrib   receivers   splunkenterprise             splunk_enterprise              0.155.0
        contrib   receivers   awscloudwatch                aws_cloudwatch                 0.156.0
        contrib   processors  cumulativetodelta            cumulative_to_delta            0.157.0

        # from    section     gone                         -  since    instead
        contrib   receivers   prometheus_exec              -  0.83.0   the prometheus receiver, and a service manager for the program
        contrib   processors  spanmetrics                  -  0.96.0   the span_metrics connector (spanmetrics before 0.151)
        contrib   extensions  httpforwarder                -  0.96.0   the http_forwarder extension
        core      extensions  memory_ballast               -  0.109.0  the environment variable GOMEMLIMIT, at 80 % of the memory limit
        core      exporters   logging                      -  0.111.0  the debug exporter
        contrib   processors  routing                      -  0.134.0  the routing connector
        contrib   exporters   sapm                         -  0.148.0  the otlp_http exporter
        contrib   processors  datadogsemantics             -  0.148.0  the datadog exporter alone
        contrib   receivers   k8slog                       -  0.148.0  the file_log receiver
        contrib   receivers   signalfx                     -  0.165.0  the otlp receiver
        """;
}
