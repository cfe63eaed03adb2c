using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Tests.Messages;
using Gantry.Protocol.Wire;
using Google.Protobuf;

namespace Gantry.Protocol.Tests.OpAmp;

public sealed class OpAmpMessageTests
{
    private static readonly MessageParser<TheirOpAmp.AgentToServer> AgentParser = TheirOpAmp.AgentToServer.Parser.WithDiscardUnknownFields(true);
    private static readonly MessageParser<TheirOpAmp.ServerToAgent> ServerParser = TheirOpAmp.ServerToAgent.Parser.WithDiscardUnknownFields(true);

    [Fact]
    public void Their_agent_message_is_read_by_us_and_ours_by_them()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var bytes = Write<TheirOpAmp.AgentToServer>(seed);
            var theirs = OpAmpMirror.Complete(AgentParser.ParseFrom(bytes));

            var ours = WireMessage.TryRead<AgentToServer>(bytes, out var error);

            Assert.True(ours is not null, $"seed {seed}: {error}");
            Assert.Equal(theirs, OpAmpMirror.Mirror(ours));
            Assert.Equal(theirs, OpAmpMirror.Complete(TheirOpAmp.AgentToServer.Parser.ParseFrom(ours.ToArray())));
        }
    }

    [Fact]
    public void Their_server_message_is_read_by_us_and_ours_by_them()
    {
        for (var seed = 0; seed < 3_000; seed++)
        {
            var bytes = Write<TheirOpAmp.ServerToAgent>(seed);
            var theirs = OpAmpMirror.Complete(ServerParser.ParseFrom(bytes));

            var ours = WireMessage.TryRead<ServerToAgent>(bytes, out var error);

            Assert.True(ours is not null, $"seed {seed}: {error}");
            Assert.Equal(theirs, OpAmpMirror.Mirror(ours));
            Assert.Equal(theirs, OpAmpMirror.Complete(TheirOpAmp.ServerToAgent.Parser.ParseFrom(ours.ToArray())));
        }
    }

    [Fact]
    public void A_message_that_we_build_says_the_same_to_them()
    {
        var ours = new AgentToServer
        {
            InstanceUid = [.. Enumerable.Range(1, 16).Select(i => (byte)i)],
            SequenceNum = 300,
            Capabilities = AgentCapabilities.ReportsStatus | AgentCapabilities.ReportsHealth,
            Description = new(),
            Health = new() { Healthy = true, Status = "up", StartTimeUnixNano = 1 },
            EffectiveConfig = new(),
            RemoteConfigStatus = new() { LastHash = [9], State = RemoteConfigState.Failed, ErrorMessage = "no such key" },
            Disconnect = new(),
            Flags = AgentToServerFlags.RequestInstanceUid,
            CustomCapabilities = new() { Names = ["io.gantry.inventory/1"] },
            CustomMessage = new() { Capability = "io.gantry.inventory/1", Type = "processes", Data = [1, 2] },
        };
        ours.Description.Identifying.Add(new KeyValue("service.name", "gantry-agent"));
        ours.Description.NonIdentifying.Add(new KeyValue("host.cpus", 2L));
        ours.Description.NonIdentifying.Add(new KeyValue("answer", 42));
        ours.Health.Components.Add(new NamedHealth { Name = "gate", Health = new() { LastError = "shut" } });
        ours.EffectiveConfig.Map.Entries.Add(new NamedConfig { Name = "", Config = new() { Body = [7], ContentType = "text/yaml", Role = "r" } });

        var theirs = TheirOpAmp.AgentToServer.Parser.ParseFrom(ours.ToArray());

        var expected = new TheirOpAmp.AgentToServer
        {
            InstanceUid = ByteString.CopyFrom(ours.InstanceUid),
            SequenceNum = 300,
            Capabilities = 0x801,
            AgentDescription = new()
            {
                IdentifyingAttributes = { new Theirs.KeyValue { Key = "service.name", Value = new() { StringValue = "gantry-agent" } } },
                NonIdentifyingAttributes =
                {
                    new Theirs.KeyValue { Key = "host.cpus", Value = new() { IntValue = 2 } },
                    new Theirs.KeyValue { Key = "answer", Value = new() { IntValue = 42 } },
                },
            },
            Health = new() { Healthy = true, Status = "up", StartTimeUnixNano = 1, ComponentHealthMap = { ["gate"] = new() { LastError = "shut" } } },
            EffectiveConfig = new()
            {
                ConfigMap = new() { ConfigMap = { [""] = new() { Body = ByteString.CopyFrom(7), ContentType = "text/yaml", Role = "r" } } },
            },
            RemoteConfigStatus = new() { LastRemoteConfigHash = ByteString.CopyFrom(9), Status = 3, ErrorMessage = "no such key" },
            AgentDisconnect = new(),
            Flags = 1,
            CustomCapabilities = new() { Capabilities = { "io.gantry.inventory/1" } },
            CustomMessage = new() { Capability = "io.gantry.inventory/1", Type = "processes", Data = ByteString.CopyFrom(1, 2) },
        };
        Assert.Equal(expected, theirs);
    }

    [Fact]
    public void Messages_cut_at_any_byte_are_refused_or_read_as_the_oracle_reads_them()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var bytes = Write<TheirOpAmp.AgentToServer>(seed);
            for (var length = 0; length < bytes.Length; length++)
            {
                var cut = bytes.AsSpan(0, length);
                if (WireMessage.TryRead<AgentToServer>(cut, out _) is { } ours)
                {
                    Assert.Equal(OpAmpMirror.Complete(AgentParser.ParseFrom(cut)), OpAmpMirror.Mirror(ours));
                }
            }
        }
    }

    [Fact]
    public void Find_looks_into_both_lists_and_shows_every_kind_as_text()
    {
        var description = new AgentDescription();
        description.Identifying.Add(new KeyValue("a", "text"));
        description.NonIdentifying.Add(new KeyValue("b", true));
        description.NonIdentifying.Add(new KeyValue("c", 1.5));
        description.NonIdentifying.Add(new KeyValue("d", new byte[] { 0xAB, 1 }));
        var list = new ValueList();
        list.Items.Add(new AnyValue { Value = 1L });
        list.Items.Add(new AnyValue { Value = "x" });
        description.NonIdentifying.Add(new KeyValue("e", list));
        description.NonIdentifying.Add(new KeyValue("f", null));

        Assert.Equal(["text", "true", "1.5", "ab01", "1,x", "", null], "abcdefg".Select(c => description.Find(c.ToString())));
    }

    private static byte[] Write<T>(int seed)
        where T : IMessage, new()
    {
        var random = new Random(seed);
        var message = new RandomMessage(random).Next<T>();
        return seed % 3 == 0 ? message.ToByteArray() : Rearranged.Bytes(message, random);
    }
}
