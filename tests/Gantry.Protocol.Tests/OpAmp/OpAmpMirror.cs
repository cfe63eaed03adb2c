using Gantry.Protocol.OpAmp;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Gantry.Protocol.Tests.OpAmp;

/// <summary>
/// Our OpAMP messages as the oracle's, field by field and by name, so that equality is the oracle's own. Ours hold an empty message where some
/// optional ones are absent; <see cref="Complete(TheirOpAmp.AgentToServer)"/> fills those in on the other side.
/// </summary>
internal static partial class OpAmpMirror
{
    public static TheirOpAmp.AgentToServer Mirror(AgentToServer ours)
    {
        var theirs = new TheirOpAmp.AgentToServer
        {
            InstanceUid = ByteString.CopyFrom(ours.InstanceUid),
            SequenceNum = ours.SequenceNum,
            Capabilities = (ulong)ours.Capabilities,
            Health = ours.Health is null ? null : Mirror(ours.Health),
            EffectiveConfig = ours.EffectiveConfig is null ? null : new() { ConfigMap = Mirror(ours.EffectiveConfig.Map) },
            PackageStatuses = Maybe(ours.PackageStatuses, Mirror),
            ConnectionSettingsRequest = Maybe(ours.ConnectionSettingsRequest, Mirror),
            AvailableComponents = Maybe(ours.AvailableComponents, Mirror),
            ConnectionSettingsStatus = Maybe(ours.ConnectionSettingsStatus, Mirror),
            AgentDisconnect = ours.Disconnect is null ? null : new(),
            Flags = (ulong)ours.Flags,
            CustomCapabilities = Mirror(ours.CustomCapabilities),
            CustomMessage = Mirror(ours.CustomMessage),
        };
        if (ours.Description is not null)
        {
            theirs.AgentDescription = new();
            theirs.AgentDescription.IdentifyingAttributes.AddRange(ours.Description.Identifying.Select(Mirror));
            theirs.AgentDescription.NonIdentifyingAttributes.AddRange(ours.Description.NonIdentifying.Select(Mirror));
        }

        if (ours.RemoteConfigStatus is { } status)
        {
            theirs.RemoteConfigStatus = new()
            {
                LastRemoteConfigHash = ByteString.CopyFrom(status.LastHash),
                Status = (int)status.State,
                ErrorMessage = status.ErrorMessage,
            };
        }

        return theirs;
    }

    public static TheirOpAmp.ServerToAgent Mirror(ServerToAgent ours)
    {
        var theirs = new TheirOpAmp.ServerToAgent
        {
            InstanceUid = ByteString.CopyFrom(ours.InstanceUid),
            Flags = (ulong)ours.Flags,
            Capabilities = (ulong)ours.Capabilities,
            ConnectionSettings = Maybe(ours.ConnectionSettings, Mirror),
            PackagesAvailable = Maybe(ours.PackagesAvailable, Mirror),
            Command = Maybe(ours.Command, command => new TheirOpAmp.ServerToAgentCommand { Type = (int)command.Type }),
            CustomCapabilities = Mirror(ours.CustomCapabilities),
            CustomMessage = Mirror(ours.CustomMessage),
        };
        if (ours.Error is { } error)
        {
            theirs.ErrorResponse = new()
            {
                Type = (int)error.Type,
                ErrorMessage = error.Message,
                RetryInfo = error.Retry is null ? null : new() { RetryAfterNanoseconds = error.Retry.AfterNanoseconds },
            };
        }

        if (ours.RemoteConfig is { } config)
        {
            theirs.RemoteConfig = new() { Config = Mirror(config.Map), ConfigHash = ByteString.CopyFrom(config.Hash) };
        }

        if (ours.Identification is { } identification)
        {
            theirs.AgentIdentification = new() { NewInstanceUid = ByteString.CopyFrom(identification.NewInstanceUid) };
        }

        return theirs;
    }

    public static TheirOpAmp.AgentToServer Complete(TheirOpAmp.AgentToServer theirs)
    {
        foreach (var pair in (theirs.AgentDescription?.IdentifyingAttributes ?? []).Concat(theirs.AgentDescription?.NonIdentifyingAttributes ?? []))
        {
            Complete(pair);
        }

        Complete(theirs.Health);
        Complete(theirs.AvailableComponents?.Components.Values ?? []);
        if (theirs.EffectiveConfig is { } config)
        {
            config.ConfigMap ??= new();
        }

        return theirs;
    }

    public static TheirOpAmp.ServerToAgent Complete(TheirOpAmp.ServerToAgent theirs)
    {
        if (theirs.RemoteConfig is { } config)
        {
            config.Config ??= new();
        }

        return theirs;
    }

    private static void Complete(Theirs.KeyValue pair) => Complete(pair.Value ??= new());

    private static void Complete(Theirs.AnyValue value)
    {
        foreach (var item in value.ArrayValue?.Values ?? [])
        {
            Complete(item);
        }

        foreach (var pair in value.KvlistValue?.Values ?? [])
        {
            Complete(pair);
        }
    }

    private static TheirOpAmp.ComponentHealth Mirror(ComponentHealth ours)
    {
        var theirs = new TheirOpAmp.ComponentHealth
        {
            Healthy = ours.Healthy,
            StartTimeUnixNano = ours.StartTimeUnixNano,
            LastError = ours.LastError,
            Status = ours.Status,
            StatusTimeUnixNano = ours.StatusTimeUnixNano,
        };
        theirs.Attributes.AddRange(ours.Attributes.Select(Mirror));
        Fill(theirs.ComponentHealthMap, ours.Components, item => item.Name, item => Mirror(item.Health));
        return theirs;
    }

    private static TheirOpAmp.AgentConfigMap Mirror(AgentConfigMap ours)
    {
        var theirs = new TheirOpAmp.AgentConfigMap();
        Fill(theirs.ConfigMap, ours.Entries, entry => entry.Name, entry => new TheirOpAmp.AgentConfigObject
        {
            Body = ByteString.CopyFrom(entry.Config.Body),
            ContentType = entry.Config.ContentType,
            Role = entry.Config.Role,
        });
        return theirs;
    }

    /// <summary>On the wire a map is a list; of two entries with one key the last counts.</summary>
    private static void Fill<TOurs, TTheirs>(MapField<string, TTheirs> map, List<TOurs> entries, Func<TOurs, string> key, Func<TOurs, TTheirs> value)
    {
        foreach (var entry in entries)
        {
            map[key(entry)] = value(entry);
        }
    }

    private static TheirOpAmp.CustomCapabilities? Mirror(CustomCapabilities? ours)
    {
        if (ours is null)
        {
            return null;
        }

        var theirs = new TheirOpAmp.CustomCapabilities();
        theirs.Capabilities.AddRange(ours.Names);
        return theirs;
    }

    private static TheirOpAmp.CustomMessage? Mirror(CustomMessage? ours) =>
        ours is null ? null : new() { Capability = ours.Capability, Type = ours.Type, Data = ByteString.CopyFrom(ours.Data) };

    private static Theirs.KeyValue Mirror(KeyValue ours) => new() { Key = ours.Key, Value = Mirror(ours.Value) };

    private static Theirs.AnyValue Mirror(AnyValue ours)
    {
        var theirs = new Theirs.AnyValue();
        switch (ours.Value)
        {
            case string text:
                theirs.StringValue = text;
                break;
            case bool flag:
                theirs.BoolValue = flag;
                break;
            case long number:
                theirs.IntValue = number;
                break;
            case double number:
                theirs.DoubleValue = number;
                break;
            case byte[] bytes:
                theirs.BytesValue = ByteString.CopyFrom(bytes);
                break;
            case ValueList list:
                theirs.ArrayValue = new();
                theirs.ArrayValue.Values.AddRange(list.Items.Select(Mirror));
                break;
            case KeyValueList pairs:
                theirs.KvlistValue = new();
                theirs.KvlistValue.Values.AddRange(pairs.Items.Select(Mirror));
                break;
        }

        return theirs;
    }
}
