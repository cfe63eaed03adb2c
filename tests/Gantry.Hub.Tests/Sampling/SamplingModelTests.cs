using System.Text;
using Gantry.Estate.Sampling;

namespace Gantry.Hub.Tests.Sampling;

/// <summary>Composition, the wire form and its strictness, and the explanation.</summary>
public class SamplingModelTests
{
    private static readonly SamplingRule Errors = new() { Name = "errors", Status = 2, Probability = 1 };

    private static readonly SamplingRule Slow = new() { Name = "slow", Service = "check*", Kind = 2, SlowerThan = TimeSpan.FromMilliseconds(500), Probability = 1.0 / 3 };

    private static readonly SamplingModel Model = SamplingComposition.Compose(
        [new SamplingPolicy("b", 0, [Errors], 0.1), new SamplingPolicy("c", 7, [Slow], null), new SamplingPolicy("a", 0, [Errors with { Status = 1 }], 0.5)]);

    [Fact]
    public void Higher_priority_is_asked_first_then_the_name_decides_also_about_the_default()
    {
        Assert.Equal(["c/slow", "a/errors", "b/errors"], Model.Rules.Select(rule => rule.Name));
        Assert.Equal(0.5, Model.Default);
    }

    [Fact]
    public void A_revision_is_the_contents_alone()
    {
        var again = SamplingComposition.Compose(
            [new SamplingPolicy("a", 0, [Errors with { Status = 1 }], 0.5), new SamplingPolicy("b", 0, [Errors], 0.2), new SamplingPolicy("c", 7, [Slow], null)]);

        Assert.Matches("^[0-9a-f]{16}$", Model.Revision);
        Assert.Equal(Model.Revision, again.Revision);
        Assert.NotEqual(Model.Revision, SamplingComposition.Compose([new SamplingPolicy("a", 0, [Errors], 0.5)]).Revision);
        Assert.NotEqual("", SamplingComposition.Compose([]).Revision);
        Assert.Equal("", SamplingModel.KeepAll.Revision);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        var read = SamplingModelJson.TryRead(SamplingModelJson.Write(Model), out var error);

        Assert.Equal("", error);
        Assert.Equal((Model.Revision, Model.Default), (read!.Revision, read.Default));
        Assert.Equal(Model.Rules, read.Rules);
        Assert.NotNull(SamplingModelJson.TryRead(SamplingModelJson.Write(SamplingModel.KeepAll), out _));
    }

    [Fact]
    public void Any_changed_byte_and_any_cut_are_found_out()
    {
        var bytes = SamplingModelJson.Write(Model);
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[i] ^= 1;
            Assert.Null(SamplingModelJson.TryRead(damaged, out var error));
            Assert.NotEqual("", error);
            Assert.Null(SamplingModelJson.TryRead(bytes.AsMemory(0, i), out _));
        }
    }

    [Theory]
    [InlineData("""{"revision":"R","default":1,"rules":[{"name":"a","probability":1,"attributes":{}}]}""", "rules[0].attributes: this version does not know it")]
    [InlineData("""{"revision":"R","default":1,"rules":[],"budget":5}""", "budget: this version does not know it")]
    [InlineData("""{"revision":"R","default":2,"rules":[]}""", "default 2: expected")]
    [InlineData("""{"revision":"R","default":1e-30,"rules":[]}""", "default")]
    [InlineData("""{"revision":"R","default":1,"rules":[{"name":"a"}]}""", "rules[0].probability: is missing")]
    [InlineData("""{"revision":"R","default":1,"rules":[{"probability":1,"kind":6}]}""", "kind 6: expected 0 to 5")]
    [InlineData("""{"revision":"R","default":1,"rules":[{"probability":1,"status":3}]}""", "status 3: expected 0 to 2")]
    [InlineData("""{"revision":"R","default":1,"rules":[{"probability":1,"slowerThanNano":-1}]}""", "slowerThanNano -1")]
    [InlineData("""{"revision":"R","default":1,"default":1,"rules":[]}""", "default")]
    [InlineData("""{"revision":"0123456789abcdef","default":0.5,"rules":[]}""", "the content is not the one of")]
    [InlineData("""{"revision":"","default":0.5,"rules":[]}""", "revision: is missing")]
    [InlineData("[]", "")]
    [InlineData("null", "")]
    public void A_peer_is_not_believed(string json, string words)
    {
        Assert.Null(SamplingModelJson.TryRead(Encoding.UTF8.GetBytes(json), out var error));
        Assert.NotEqual("", error);
        Assert.Contains(words, error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_explanation_says_which_rule_and_why_not_the_others()
    {
        var span = new SpanFacts("checkout", "", "", "", Kind: 2, Status: 2);

        var fast = SamplingExplanation.Of(Model, span, TimeSpan.FromMilliseconds(20));
        var slow = SamplingExplanation.Of(Model, span, TimeSpan.FromMilliseconds(500));
        var none = SamplingExplanation.Of(Model, span with { Service = "cart", Status = 0 }, TimeSpan.FromSeconds(1));

        Assert.Equal(["20ms is faster than 500ms", "status error is not ok", ""], fast.Asked.Select(verdict => verdict.Mismatch));
        Assert.Equal(("b/errors", 1), (fast.Rule!.Name, fast.Probability));
        Assert.Equal(("c/slow", 1.0 / 3, "aaab"), (slow.Rule!.Name, slow.Probability, SamplingWords.ThresholdOf(slow.Probability)));
        Assert.Equal("service 'cart' is not 'check*'", none.Asked[0].Mismatch);
        Assert.Null(none.Rule);
        Assert.Equal(0.5, none.Probability);
    }

    [Fact]
    public void The_explanation_and_the_gateways_evaluation_agree()
    {
        foreach (var service in (string[])["checkout", "cart", ""])
        {
            for (var kind = 0; kind <= 5; kind++)
            {
                for (var status = 0; status <= 2; status++)
                {
                    var span = new SpanFacts(service, "", "", "GET /", kind, status);
                    foreach (var milliseconds in (int[])[0, 499, 500, 9000])
                    {
                        var explained = SamplingExplanation.Of(Model, span, TimeSpan.FromMilliseconds(milliseconds));
                        var step = Model.DecisionFor(span).Step((ulong)milliseconds * 1_000_000);
                        Assert.Equal((explained.Rule?.Name ?? "", Threshold.FromProbability(explained.Probability)), (step.Rule, step.Threshold));
                    }
                }
            }
        }
    }
}
