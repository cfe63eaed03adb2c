namespace Gantry.Protocol.OpAmp;

/// <summary>What an agent says it can do: AgentToServer.capabilities, specification v0.20. Bits that are not defined must be 0.</summary>
[Flags]
public enum AgentCapabilities : ulong
{
    None = 0,
    ReportsStatus = 0x1,
    AcceptsRemoteConfig = 0x2,
    ReportsEffectiveConfig = 0x4,
    AcceptsPackages = 0x8,
    ReportsPackageStatuses = 0x10,
    ReportsOwnTraces = 0x20,
    ReportsOwnMetrics = 0x40,
    ReportsOwnLogs = 0x80,
    AcceptsOpAmpConnectionSettings = 0x100,
    AcceptsOtherConnectionSettings = 0x200,
    AcceptsRestartCommand = 0x400,
    ReportsHealth = 0x800,
    ReportsRemoteConfig = 0x1000,
    ReportsHeartbeat = 0x2000,
    ReportsAvailableComponents = 0x4000,
    ReportsConnectionSettingsStatus = 0x8000,
}

/// <summary>What the server says it can do: ServerToAgent.capabilities.</summary>
[Flags]
public enum ServerCapabilities : ulong
{
    None = 0,
    AcceptsStatus = 0x1,
    OffersRemoteConfig = 0x2,
    AcceptsEffectiveConfig = 0x4,
    OffersPackages = 0x8,
    AcceptsPackagesStatus = 0x10,
    OffersConnectionSettings = 0x20,
    AcceptsConnectionSettingsRequest = 0x40,
}

[Flags]
public enum AgentToServerFlags : ulong
{
    None = 0,
    RequestInstanceUid = 1,
}

[Flags]
public enum ServerToAgentFlags : ulong
{
    None = 0,
    ReportFullState = 1,
    ReportAvailableComponents = 2,
}

public enum RemoteConfigState
{
    Unset = 0,
    Applied = 1,
    Applying = 2,
    Failed = 3,
}

public enum ServerErrorType
{
    Unknown = 0,
    BadRequest = 1,
    Unavailable = 2,
}

public enum ConnectionSettingsState
{
    Unset = 0,
    Applied = 1,
    Applying = 2,
    Failed = 3,
}

public enum PackageType
{
    TopLevel = 0,
    Addon = 1,
}

public enum PackageState
{
    Installed = 0,
    InstallPending = 1,
    Installing = 2,
    InstallFailed = 3,
    Downloading = 4,
}

public enum CommandType
{
    Restart = 0,
}
