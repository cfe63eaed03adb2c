using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Inventory;

/// <summary>
/// One process. Fields: pid = 1, start_unix_nano = 2, executable = 3, display_name = 4, owner = 5, language = 6, language_rule = 7,
/// runtime_version = 8, listening = 9, unit = 10, container_id = 11, declared_service = 12, container_pid = 13, script = 14,
/// declared_namespace = 15, parent_pid = 16, libc = 17, is_static = 18, is_secure_exec = 19, is_native_code = 20, has_diagnostic_port = 21,
/// pod_uid = 22, other_agents = 23, unreadable = 24, instrumentation = 25, given_service = 26.
/// Command lines and environments hold secrets: only what is named here ever leaves the host.
/// </summary>
public sealed class ProcessFact : IWireMessage
{
    // Most processes have none, and a hub holds very many processes.
    private List<OtherAgent>? _otherAgents;

    public uint Pid { get; set; }

    /// <summary>With <see cref="Pid"/> the identity: the kernel reuses pids, never the pair.</summary>
    public ulong StartUnixNano { get; set; }

    /// <summary>Absolute path of the executable, as the process sees it.</summary>
    public string Executable { get; set; } = "";

    /// <summary>What a person would call it: the script, assembly, jar or unit, else the executable's name.</summary>
    public string DisplayName { get; set; } = "";

    public string Owner { get; set; } = "";

    /// <summary>"nodejs", "dotnet", "java", "python", "go", "ruby", "php", "rust", "cpp" as telemetry.sdk.language spells them; "" when unknown.</summary>
    public string Language { get; set; } = "";

    /// <summary>How the language was recognised, for a person: "libcoreclr.so is mapped".</summary>
    public string LanguageRule { get; set; } = "";

    public string RuntimeVersion { get; set; } = "";

    public List<ListeningSocket> Listening { get; } = [];

    /// <summary>systemd unit, from the cgroup path.</summary>
    public string Unit { get; set; } = "";

    public string ContainerId { get; set; } = "";

    /// <summary>service.name from OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES in the process's start environment.</summary>
    public string DeclaredService { get; set; } = "";

    /// <summary>The service name that Gantry gave it in its environment, over <see cref="DeclaredService"/>: its telemetry has this one, rules match the other. "" when there is none.</summary>
    public string GivenService { get; set; } = "";

    public string DeclaredNamespace { get; set; } = "";

    /// <summary>The pid that the process sees itself, when its pid namespace is another; 0 otherwise.</summary>
    public uint ContainerPid { get; set; }

    /// <summary>The script, assembly or jar that an interpreter runs, without its folder; "" for a native program.</summary>
    public string Script { get; set; } = "";

    public uint ParentPid { get; set; }

    /// <summary>"glibc" or "musl", by the loader that the executable names; "" when it names none, or may not be read.</summary>
    public string Libc { get; set; } = "";

    /// <summary>The executable has no loader: nothing can be preloaded into it.</summary>
    public bool IsStatic { get; set; }

    /// <summary>The kernel runs it with raised rights (AT_SECURE): its loader ignores LD_PRELOAD and the like.</summary>
    public bool IsSecureExec { get; set; }

    /// <summary>Compiled ahead of time by NativeAOT or GraalVM: the language's agents cannot be loaded into it.</summary>
    public bool IsNativeCode { get; set; }

    /// <summary>A .NET runtime that can be attached to.</summary>
    public bool HasDiagnosticPort { get; set; }

    /// <summary>UID of the Kubernetes pod, from the cgroup path.</summary>
    public string PodUid { get; set; } = "";

    /// <summary>Instrumentation that somebody else put into it, of any vendor.</summary>
    public List<OtherAgent> OtherAgents => _otherAgents ??= [];

    /// <summary>In words, what of it could not be read, and which right that needs; "" when all of it was.</summary>
    public string Unreadable { get; set; } = "";

    /// <summary>How far its instrumentation has come; null from an agent that does not instrument.</summary>
    public InstrumentationStatus? Instrumentation { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.Varint(1, Pid);
        writer.Fixed64(2, StartUnixNano);
        writer.String(3, Executable);
        writer.String(4, DisplayName);
        writer.String(5, Owner);
        writer.String(6, Language);
        writer.String(7, LanguageRule);
        writer.String(8, RuntimeVersion);
        writer.Messages(9, Listening);
        writer.String(10, Unit);
        writer.String(11, ContainerId);
        writer.String(12, DeclaredService);
        writer.Varint(13, ContainerPid);
        writer.String(14, Script);
        writer.String(15, DeclaredNamespace);
        writer.Varint(16, ParentPid);
        writer.String(17, Libc);
        writer.Bool(18, IsStatic);
        writer.Bool(19, IsSecureExec);
        writer.Bool(20, IsNativeCode);
        writer.Bool(21, HasDiagnosticPort);
        writer.String(22, PodUid);
        if (_otherAgents is { Count: > 0 } others)
        {
            writer.Messages(23, others);
        }


        writer.String(24, Unreadable);
        writer.Message(25, Instrumentation);
        writer.String(26, GivenService);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.Varint):
                Pid = (uint)reader.ReadVarint();
                return true;
            case (2, WireType.Fixed64):
                StartUnixNano = reader.ReadFixed64();
                return true;
            case (9, WireType.LengthDelimited):
                Listening.Add(reader.ReadInto(new ListeningSocket()));
                return true;
            case (13, WireType.Varint):
                ContainerPid = (uint)reader.ReadVarint();
                return true;
            case (16, WireType.Varint):
                ParentPid = (uint)reader.ReadVarint();
                return true;
            case (18, WireType.Varint):
                IsStatic = reader.ReadVarint() != 0;
                return true;
            case (19, WireType.Varint):
                IsSecureExec = reader.ReadVarint() != 0;
                return true;
            case (20, WireType.Varint):
                IsNativeCode = reader.ReadVarint() != 0;
                return true;
            case (21, WireType.Varint):
                HasDiagnosticPort = reader.ReadVarint() != 0;
                return true;
            case (23, WireType.LengthDelimited):
                OtherAgents.Add(reader.ReadInto(new OtherAgent()));
                return true;
            case (25, WireType.LengthDelimited):
                Instrumentation = reader.ReadInto(Instrumentation ?? new InstrumentationStatus());
                return true;
            case (_, WireType.LengthDelimited):
                return ReadText(ref reader);
            default:
                return false;
        }
    }

    private bool ReadText(ref ProtoReader reader)
    {
        switch (reader.Field)
        {
            case 3:
                Executable = reader.ReadString();
                return true;
            case 4:
                DisplayName = reader.ReadString();
                return true;
            case 5:
                Owner = reader.ReadString();
                return true;
            case 6:
                Language = reader.ReadString();
                return true;
            case 7:
                LanguageRule = reader.ReadString();
                return true;
            case 8:
                RuntimeVersion = reader.ReadString();
                return true;
            case 10:
                Unit = reader.ReadString();
                return true;
            case 11:
                ContainerId = reader.ReadString();
                return true;
            case 12:
                DeclaredService = reader.ReadString();
                return true;
            case 14:
                Script = reader.ReadString();
                return true;
            case 15:
                DeclaredNamespace = reader.ReadString();
                return true;
            case 17:
                Libc = reader.ReadString();
                return true;
            case 22:
                PodUid = reader.ReadString();
                return true;
            case 24:
                Unreadable = reader.ReadString();
                return true;
            case 26:
                GivenService = reader.ReadString();
                return true;
            default:
                return false;
        }
    }
}
