using Gantry.Protocol.Wire;

namespace Gantry.Protocol.Inventory;

/// <summary>
/// One process. Fields: pid = 1, start_unix_nano = 2, executable = 3, display_name = 4, owner = 5, language = 6, language_rule = 7,
/// runtime_version = 8, listening = 9, unit = 10, container_id = 11, declared_service = 12, container_pid = 13, script = 14,
/// declared_namespace = 15, parent_pid = 16.
/// Command lines and environments hold secrets: only what is named here ever leaves the host.
/// </summary>
public sealed class ProcessFact : IWireMessage
{
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

    public string DeclaredNamespace { get; set; } = "";

    /// <summary>The pid that the process sees itself, when its pid namespace is another; 0 otherwise.</summary>
    public uint ContainerPid { get; set; }

    /// <summary>The script, assembly or jar that an interpreter runs, without its folder; "" for a native program.</summary>
    public string Script { get; set; } = "";

    public uint ParentPid { get; set; }

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
            default:
                return false;
        }
    }
}

/// <summary>A TCP socket in LISTEN: address = 1 ("127.0.0.1", "::", as bound), port = 2.</summary>
public sealed class ListeningSocket : IWireMessage
{
    public string Address { get; set; } = "";

    /// <summary>1 to 65535.</summary>
    public uint Port { get; set; }

    public void WriteTo(ProtoWriter writer)
    {
        writer.String(1, Address);
        writer.Varint(2, Port);
    }

    public bool ReadField(ref ProtoReader reader)
    {
        switch (reader.Tag)
        {
            case (1, WireType.LengthDelimited):
                Address = reader.ReadString();
                return true;
            case (2, WireType.Varint):
                Port = (uint)reader.ReadVarint();
                return true;
            default:
                return false;
        }
    }
}
