namespace Gantry.Estate.Methods;

/// <summary>Ids of the methods that an agent of a host can carry out by itself. Other methods are rendered, and applied by what starts the program.</summary>
public static class AgentMethods
{
    public const string Attach = "dotnet-attach";

    public const string Injector = "injector-pkg";

    public const string UnitEnvironment = "unit-environment";

    public const string Obi = "obi-systemd";

    public static IReadOnlyList<string> All { get; } = [Attach, Injector, UnitEnvironment, Obi];
}
