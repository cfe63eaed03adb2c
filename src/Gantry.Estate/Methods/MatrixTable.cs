namespace Gantry.Estate.Methods;

/// <summary>
/// The matrix as data: a line for each language on each platform. Methods stand best first; "-" is none. Baseline is RED and the network view, transactions are
/// traces, otherwise is what is left. Confidence is that of the cell's weakest part. Sources are ids of <see cref="SourceTable"/>, limits ids of
/// <see cref="LimitTable"/>. To change a cell, change its line and say in its sources why.
/// </summary>
internal static class MatrixTable
{
    public const string Text = """
        # language platform | baseline | transactions | otherwise | confidence | sources | limits
        java vm | obi-systemd sdk-metrics socket-diagnostics | injector-pkg unit-environment | obi-systemd | documented | injector packaging obi obi-ownership | graalvm
        java kubernetes | obi-daemonset sdk-metrics socket-diagnostics | operator | obi-daemonset | documented | obi operator | annotation graalvm
        java ecs-ec2 | obi-ecs-daemon sdk-metrics socket-diagnostics | taskdef-init baked | obi-ecs-daemon spanmetrics | documented | ecs-init obi-on-ecs | host-files
        java ecs-fargate | sdk-metrics spanmetrics socket-diagnostics | taskdef-init baked | cloud-metrics | documented | ecs-init fargate | no-host
        java ecs-managed-instances | sdk-metrics obi-mi-daemon socket-diagnostics | taskdef-init baked | spanmetrics cloud-metrics | concluded | ecs-init managed-instances conclusion | managed-host
        java lambda | spanmetrics cloud-metrics | lambda-otel-layer | lambda-adot-layer cloud-metrics | documented | lambda-layers | sandbox

        nodejs vm | obi-systemd sdk-metrics socket-diagnostics | injector-pkg unit-environment | obi-systemd | documented | injector packaging obi obi-ownership | node-runtimes
        nodejs kubernetes | obi-daemonset sdk-metrics socket-diagnostics | operator | obi-daemonset | documented | obi operator | annotation node-runtimes
        nodejs ecs-ec2 | obi-ecs-daemon sdk-metrics socket-diagnostics | taskdef-init baked | obi-ecs-daemon spanmetrics | documented | ecs-init obi-on-ecs | host-files
        nodejs ecs-fargate | sdk-metrics spanmetrics socket-diagnostics | taskdef-init baked | cloud-metrics | documented | ecs-init fargate | no-host
        nodejs ecs-managed-instances | sdk-metrics obi-mi-daemon socket-diagnostics | taskdef-init baked | spanmetrics cloud-metrics | concluded | ecs-init managed-instances conclusion | managed-host
        nodejs lambda | spanmetrics cloud-metrics | lambda-otel-layer | lambda-adot-layer cloud-metrics | documented | lambda-layers | sandbox

        python vm | obi-systemd sdk-metrics socket-diagnostics | injector-pkg unit-environment | obi-systemd | documented | injector packaging obi obi-ownership | python-own
        python kubernetes | obi-daemonset sdk-metrics socket-diagnostics | operator | obi-daemonset | documented | obi operator | annotation python-own
        python ecs-ec2 | obi-ecs-daemon sdk-metrics socket-diagnostics | taskdef-init baked | obi-ecs-daemon spanmetrics | documented | ecs-init obi-on-ecs | host-files
        python ecs-fargate | sdk-metrics spanmetrics socket-diagnostics | taskdef-init baked | cloud-metrics | documented | ecs-init fargate | no-host
        python ecs-managed-instances | sdk-metrics obi-mi-daemon socket-diagnostics | taskdef-init baked | spanmetrics cloud-metrics | concluded | ecs-init managed-instances conclusion | managed-host
        python lambda | spanmetrics cloud-metrics | lambda-otel-layer | lambda-adot-layer cloud-metrics | documented | lambda-layers | sandbox

        dotnet vm | dotnet-attach obi-systemd sdk-metrics socket-diagnostics | injector-pkg unit-environment dotnet-attach | obi-systemd dotnet-eventpipe | tested | gantry injector packaging obi obi-ownership dotnet-monitor | dotnet-old
        dotnet kubernetes | obi-daemonset sdk-metrics socket-diagnostics | operator | obi-daemonset | documented | obi operator | annotation dotnet-old
        dotnet ecs-ec2 | obi-ecs-daemon sdk-metrics socket-diagnostics | taskdef-init baked | obi-ecs-daemon spanmetrics | documented | ecs-init obi-on-ecs | host-files
        dotnet ecs-fargate | sdk-metrics spanmetrics socket-diagnostics | taskdef-init baked | cloud-metrics dotnet-eventpipe | documented | ecs-init fargate dotnet-monitor | no-host
        dotnet ecs-managed-instances | sdk-metrics obi-mi-daemon socket-diagnostics | taskdef-init baked | spanmetrics cloud-metrics | concluded | ecs-init managed-instances conclusion | managed-host
        dotnet lambda | spanmetrics cloud-metrics | lambda-adot-layer | manual-sdk | code | lambda-layers adot-dotnet | sandbox adot-dotnet

        dotnet-native vm | obi-systemd socket-diagnostics | obi-systemd | manual-sdk | documented | dotnet-auto obi | native-aot
        dotnet-native kubernetes | obi-daemonset socket-diagnostics | obi-daemonset | manual-sdk cloud-metrics | documented | dotnet-auto obi | native-aot
        dotnet-native ecs-ec2 | obi-ecs-daemon socket-diagnostics | obi-ecs-daemon | manual-sdk cloud-metrics | documented | dotnet-auto obi obi-on-ecs | native-aot
        dotnet-native ecs-fargate | cloud-metrics socket-diagnostics | - | manual-sdk | documented | dotnet-auto fargate | native-aot no-host nothing
        dotnet-native ecs-managed-instances | obi-mi-daemon socket-diagnostics | obi-mi-daemon | manual-sdk cloud-metrics | concluded | dotnet-auto obi managed-instances conclusion | native-aot managed-host
        dotnet-native lambda | cloud-metrics | - | manual-sdk | documented | dotnet-auto lambda-layers | native-aot sandbox nothing

        php vm | obi-systemd sdk-metrics socket-diagnostics | php-distro | obi-systemd | documented | php-distro obi | php-host
        php kubernetes | obi-daemonset socket-diagnostics | php-distro | obi-daemonset | documented | php-distro operator odigos | php-image
        php ecs-ec2 | obi-ecs-daemon socket-diagnostics | php-distro | obi-ecs-daemon | concluded | php-distro odigos conclusion | php-image
        php ecs-fargate | spanmetrics cloud-metrics socket-diagnostics | php-distro | cloud-metrics | concluded | fargate php-distro conclusion | no-host php-image
        php ecs-managed-instances | obi-mi-daemon spanmetrics socket-diagnostics | php-distro | cloud-metrics | concluded | managed-instances php-distro conclusion | managed-host php-image
        php lambda | cloud-metrics | - | manual-sdk | documented | lambda-layers | sandbox php-lambda nothing

        ruby vm | obi-systemd sdk-metrics socket-diagnostics | ruby-gem | obi-systemd | documented | ruby packaging obi | ruby-early
        ruby kubernetes | obi-daemonset socket-diagnostics | ruby-gem | obi-daemonset | concluded | ruby operator odigos | ruby-operator ruby-early
        ruby ecs-ec2 | obi-ecs-daemon socket-diagnostics | ruby-gem | obi-ecs-daemon | concluded | ruby ecs-init conclusion | ruby-early host-files
        ruby ecs-fargate | spanmetrics cloud-metrics socket-diagnostics | ruby-gem | cloud-metrics | concluded | fargate ruby conclusion | no-host ruby-early
        ruby ecs-managed-instances | obi-mi-daemon spanmetrics socket-diagnostics | ruby-gem | cloud-metrics | concluded | managed-instances ruby conclusion | managed-host ruby-early
        ruby lambda | spanmetrics cloud-metrics | lambda-otel-layer | cloud-metrics | documented | lambda-layers | sandbox ruby-layer

        go vm | obi-systemd socket-diagnostics | obi-systemd | otelc | documented | otelc obi-ownership obi | go-obi
        go kubernetes | obi-daemonset socket-diagnostics | obi-daemonset | otelc | documented | otelc obi-ownership obi | go-obi
        go ecs-ec2 | obi-ecs-daemon socket-diagnostics | obi-ecs-daemon | otelc | documented | otelc obi-ownership obi obi-on-ecs | go-obi
        go ecs-fargate | sdk-metrics cloud-metrics socket-diagnostics | otelc | manual-sdk cloud-metrics | documented | otelc fargate | no-host rebuild-only
        go ecs-managed-instances | obi-mi-daemon socket-diagnostics | obi-mi-daemon | otelc | concluded | otelc obi managed-instances conclusion | go-obi managed-host
        go lambda | cloud-metrics | otelc | manual-sdk cloud-metrics | concluded | otelc lambda-layers conclusion | sandbox rebuild-only go-freeze

        rust vm | obi-systemd socket-diagnostics | obi-systemd | manual-sdk | concluded | obi conclusion | protocol-spans
        rust kubernetes | obi-daemonset socket-diagnostics | obi-daemonset | manual-sdk | concluded | obi operator conclusion | protocol-spans
        rust ecs-ec2 | obi-ecs-daemon socket-diagnostics | obi-ecs-daemon | manual-sdk | concluded | obi obi-on-ecs conclusion | protocol-spans
        rust ecs-fargate | cloud-metrics socket-diagnostics | - | manual-sdk | documented | fargate | no-host nothing
        rust ecs-managed-instances | obi-mi-daemon socket-diagnostics | obi-mi-daemon | manual-sdk | concluded | obi managed-instances conclusion | protocol-spans managed-host
        rust lambda | cloud-metrics | - | manual-sdk | documented | lambda-layers | sandbox nothing

        cpp vm | obi-systemd socket-diagnostics | obi-systemd | manual-sdk | concluded | obi conclusion | protocol-spans
        cpp kubernetes | obi-daemonset socket-diagnostics | obi-daemonset | manual-sdk | concluded | obi operator conclusion | protocol-spans web-modules
        cpp ecs-ec2 | obi-ecs-daemon socket-diagnostics | obi-ecs-daemon | manual-sdk | concluded | obi obi-on-ecs conclusion | protocol-spans
        cpp ecs-fargate | cloud-metrics socket-diagnostics | - | manual-sdk | documented | fargate | no-host nothing
        cpp ecs-managed-instances | obi-mi-daemon socket-diagnostics | obi-mi-daemon | manual-sdk | concluded | obi managed-instances conclusion | protocol-spans managed-host
        cpp lambda | cloud-metrics | - | manual-sdk | documented | lambda-layers | sandbox nothing
        """;
}
