namespace Gantry.Estate.Methods;

/// <summary>What cannot be had, a sentence each, for people.</summary>
internal static class LimitTable
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["graalvm"] = "A GraalVM native image takes no agent; only what looks from outside sees it.",
        ["node-runtimes"] = "Deno and Bun take no agent, and a program that uses SIGUSR1 for itself conflicts with OBI's view of Node.js.",
        ["python-own"] = "The packaged agent wants Python 3.10 or newer, and stands down in a program that brings OpenTelemetry itself.",
        ["dotnet-old"] = "Nothing here is for .NET before 8; the packages are built for glibc; Native AOT is a row of its own.",
        ["annotation"] = "The operator does not look which language a pod runs: each workload needs an annotation, and its pods are made anew.",
        ["host-files"] = "What the host's loader preloads does not reach into containers, and a running task cannot be changed: a new revision replaces it.",
        ["no-host"] = "There is no host: no eBPF, no privileged container, no daemon, and of the capabilities SYS_PTRACE only.",
        ["managed-host"] = "The host is AWS's: no files on it, and no DAEMON service but a managed daemon. That OBI works in one is concluded from the documentation, and untested.",
        ["sandbox"] = "There is no host and no eBPF; the layers send no HTTP server metrics, so RED is counted from spans or comes from the platform; a function from an image has no layers, so the agent must be in its image.",
        ["adot-dotnet"] = "The .NET layer is made for the dotnet8 runtime on x86_64 only.",
        ["native-aot"] = "Native AOT has neither startup hooks nor a profiler, so no agent can be loaded; its activities leave the process through an SDK in its code only.",
        ["php-host"] = "The injector knows no PHP; the distro's own packages say which builds of PHP they fit.",
        ["php-image"] = "The operator offers no PHP: the distro has to be in the image, or on a volume that PHP_INI_SCAN_DIR names.",
        ["php-lambda"] = "There is no PHP layer: PHP is a custom runtime there.",
        ["ruby-early"] = "The Ruby agent is at its first versions and comes as a gem only: its files must be brought along.",
        ["ruby-operator"] = "The operator offers no Ruby.",
        ["ruby-layer"] = "The Ruby layer is published as a development version.",
        ["go-obi"] = "No agent can be loaded into Go. OBI passes the trace on over plain HTTP and gRPC, not over every TLS or reused HTTP/2 connection, and knows no spans of the program's own.",
        ["rebuild-only"] = "Nothing works without a new build.",
        ["go-freeze"] = "That what otelc builds sends everything before a function is frozen is untested.",
        ["protocol-spans"] = "No agent exists. OBI makes spans of protocols only and joins parent and child by thread, so programs with asynchronous runtimes lose parents; it does not see into TLS that is linked statically.",
        ["web-modules"] = "For nginx and Apache httpd the operator has modules.",
        ["nothing"] = "No way to traces without a change of the code exists here.",
    };
}
