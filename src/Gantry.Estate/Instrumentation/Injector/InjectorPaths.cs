namespace Gantry.Estate.Instrumentation.Injector;

/// <summary>Where the injector, its packages and Gantry's own files are. The layout of the packages: opentelemetry-injector 0.10 and its language packages.</summary>
public static class InjectorPaths
{
    public const string Library = "/usr/lib/opentelemetry/injector/libotelinject.so";
    public const string Preload = "/etc/ld.so.preload";
    public const string MainConf = "/etc/opentelemetry/injector/injector.conf";
    public const string ConfFolder = "/etc/opentelemetry/injector/conf.d";

    /// <summary>Read in the order of bytes, behind what language packages put there: of a scalar, the last file wins.</summary>
    public const string Conf = ConfFolder + "/99-gantry.conf";

    public const string EnvironmentFile = "/etc/opentelemetry/gantry/env.conf";
    public const string SdkFile = "/etc/opentelemetry/gantry/otel-config.yaml";
    public const string UnitFolder = "/etc/systemd/system";
    public const string DropInName = "50-gantry-otel.conf";

    /// <summary>No process has this executable: selects nothing, where an empty list would select everything.</summary>
    public const string NoProcess = "/nonexistent/gantry-selects-by-unit";

    public static string DropIn(string unit) => $"{UnitFolder}/{unit}.d/{DropInName}";
}

/// <summary>A file of a host, as it is to be.</summary>
/// <param name="Mode">Permission bits: 0b110_100_100 is rw-r--r--.</param>
public sealed record HostFile(string Path, string Content, int Mode = HostFile.Readable)
{
    /// <summary>rw-r--r--: the loader of every process reads it.</summary>
    public const int Readable = 0b110_100_100;

    /// <summary>rw-------: what came out of an environment may be a secret.</summary>
    public const int Private = 0b110_000_000;
}

/// <summary>Something that must not be written, or cannot be said.</summary>
/// <param name="Where">"/etc/…/99-gantry.conf line 3", or "rule shop/payments".</param>
/// <param name="Value">What is wrong; "" where nothing in particular is.</param>
/// <param name="Message">What is wrong with it, and the fix.</param>
public sealed record InjectorProblem(string Where, string Value, string Message)
{
    public override string ToString() => Value.Length == 0 ? $"{Where}: {Message}" : $"{Where}: '{Value}' {Message}";
}
