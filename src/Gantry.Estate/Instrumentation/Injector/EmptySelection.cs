namespace Gantry.Estate.Instrumentation.Injector;

/// <summary>
/// The injector's file while it is to take nothing. Without a file of ours it goes by its package's, and where that names no include it takes every process of the
/// host: giving ours back would instrument more, not less.
/// </summary>
public static class EmptySelection
{
    public static HostFile File { get; } = new(InjectorPaths.Conf, $"# Written by gantry-agent, by decision of the hub; 'gantry-agent rollback' takes it away.\ninclude_paths={InjectorPaths.NoProcess}\n");
}
