using System.Runtime.InteropServices;

namespace Gantry.Agent.Apply;

/// <summary>Whom the agent runs as.</summary>
internal static partial class UserIds
{
    public static uint User => EffectiveUser();

    public static uint Group => EffectiveGroup();

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "getegid")]
    private static partial uint EffectiveGroup();
}
