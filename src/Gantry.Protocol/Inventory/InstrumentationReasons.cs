namespace Gantry.Protocol.Inventory;

/// <summary>Why a process is in its state: words for programs, stable. The message beside them is for people.</summary>
public static class InstrumentationReasons
{
    /// <summary>No rule of the plan matches it.</summary>
    public const string NoRule = "no-rule";

    /// <summary>A rule says that it is to be left alone.</summary>
    public const string RuleBlocks = "rule-blocks";

    /// <summary>The host's own guard file does not allow what the rule asks for.</summary>
    public const string Guard = "guard";

    /// <summary>The agent may not read what it has to know.</summary>
    public const string Unreadable = "unreadable";

    public const string UnsupportedLanguage = "unsupported-language";

    public const string UnsupportedVersion = "unsupported-version";

    /// <summary>No loader: nothing can be preloaded.</summary>
    public const string StaticBinary = "static-binary";

    /// <summary>Compiled ahead of time: no agent can be loaded.</summary>
    public const string NativeCode = "native-code";

    /// <summary>AT_SECURE: the loader ignores what is preloaded.</summary>
    public const string SecureExec = "secure-exec";

    /// <summary>Another agent is in it already.</summary>
    public const string OtherAgent = "other-agent";

    /// <summary>The C library is none that the method's files are made for.</summary>
    public const string Libc = "libc";

    /// <summary>It is in a container, which the method does not reach from the host.</summary>
    public const string Container = "container";

    /// <summary>The method's files or program are not on this host.</summary>
    public const string NotInstalled = "not-installed";

    /// <summary>The kernel, or the agent's rights, do not allow it.</summary>
    public const string Host = "host";

    /// <summary>It was tried, and failed.</summary>
    public const string Failed = "failed";

    /// <summary>What was tried was taken back.</summary>
    public const string RolledBack = "rolled-back";
}
