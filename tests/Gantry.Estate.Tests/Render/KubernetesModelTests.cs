using Gantry.Estate.Methods;
using Gantry.Estate.Render;
using Gantry.Estate.Render.Kubernetes;
using k8s.Models;
using Strict = k8s.KubernetesYaml;
using YamlDotNet.RepresentationModel;

namespace Gantry.Estate.Tests.Render;

/// <summary>What is rendered for a cluster, read strictly by Kubernetes' own models: a field that they do not know, or of another type, fails.</summary>
public class KubernetesModelTests
{
    private static readonly Dictionary<string, Type> Kinds = new()
    {
        ["v1/ServiceAccount"] = typeof(V1ServiceAccount),
        ["v1/ConfigMap"] = typeof(V1ConfigMap),
        ["rbac.authorization.k8s.io/v1/ClusterRole"] = typeof(V1ClusterRole),
        ["rbac.authorization.k8s.io/v1/ClusterRoleBinding"] = typeof(V1ClusterRoleBinding),
        ["apps/v1/DaemonSet"] = typeof(V1DaemonSet),
    };

    [Fact]
    public void Obi_and_the_agent_are_what_kubernetes_knows()
    {
        var rendering = KubernetesRenderer.Render(Options("go", KubernetesParts.Obi, KubernetesParts.Agent));

        Golden.Is("kubernetes.obi-and-agent", rendering);
        var objects = Strict.LoadAllFromString(rendering.Text!, Kinds, strict: true);
        Assert.Equal(6, objects.Count);
        Assert.All(objects.OfType<V1DaemonSet>(), Consistent);
        Assert.Equal(2, objects.OfType<V1DaemonSet>().Count());
    }

    /// <summary>What the API server checks besides types.</summary>
    private static void Consistent(V1DaemonSet set)
    {
        var pod = set.Spec.Template;
        Assert.All(set.Spec.Selector.MatchLabels, label => Assert.Equal(label.Value, pod.Metadata.Labels[label.Key]));
        Assert.All(pod.Spec.Containers.SelectMany(container => container.VolumeMounts), mount => Assert.Contains(pod.Spec.Volumes, volume => volume.Name == mount.Name));
        Assert.All(pod.Spec.Volumes, volume => Assert.Contains(pod.Spec.Containers.SelectMany(container => container.VolumeMounts), mount => mount.Name == volume.Name));
    }

    [Fact]
    public void A_field_that_kubernetes_does_not_know_would_be_found()
    {
        var text = KubernetesRenderer.Render(Options("go", KubernetesParts.Obi)).Text!.Replace("hostPID:", "hostPids:", StringComparison.Ordinal);

        Assert.ThrowsAny<Exception>(() => Strict.LoadAllFromString(text, Kinds, strict: true));
    }

    public static TheoryData<string> Loadable => ["java", "nodejs", "python", "dotnet"];

    [Theory, MemberData(nameof(Loadable))]
    public void A_patch_is_one_of_a_workload(string language)
    {
        var text = KubernetesRenderer.Render(Options(language, KubernetesParts.Patch) with { Container = "app" }).Text!;

        // The selector is missing, which only the whole object needs.
        var patch = Strict.Deserialize<V1Deployment>(text, strict: true);
        Assert.Equal("gantry/gantry", patch.Spec.Template.Metadata.Annotations[$"instrumentation.opentelemetry.io/inject-{language}"]);
        Assert.Equal("app", patch.Spec.Template.Metadata.Annotations["instrumentation.opentelemetry.io/container-names"]);
    }

    [Theory]
    [InlineData("python", "instrumentation.opentelemetry.io/otel-python-platform", "musl")]
    [InlineData("dotnet", "instrumentation.opentelemetry.io/otel-dotnet-auto-runtime", "linux-musl-x64")]
    public void A_patch_says_which_c_library_it_is(string language, string annotation, string value)
    {
        var options = Options(language, KubernetesParts.Patch);

        var text = KubernetesRenderer.Render(options with { Render = options.Render with { Libc = "musl" } }).Text!;

        Assert.Equal(value, Strict.Deserialize<V1Deployment>(text, strict: true).Spec.Template.Metadata.Annotations[annotation]);
    }

    [Theory]
    [InlineData("on")]
    [InlineData("No")]
    [InlineData("1e3")]
    [InlineData("012")]
    [InlineData("1:30")]
    [InlineData("~")]
    [InlineData("-.5")]
    public void A_text_that_some_yaml_takes_for_something_else_is_in_quotes(string value)
    {
        var options = Options("java", KubernetesParts.Instrumentation);

        var text = KubernetesRenderer.Render(options with { Render = options.Render with { Attributes = new Dictionary<string, string> { ["a"] = value } } }).Text;

        Assert.Contains($"      a: \"{value}\"\n", text);
    }

    /// <summary>There is no model of the operator's resource; these are its fields, from its types.</summary>
    [Theory, MemberData(nameof(Loadable))]
    public void An_instrumentation_has_the_operators_fields(string language)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(KubernetesRenderer.Render(Options(language, KubernetesParts.Instrumentation)).Text!));

        var root = (YamlMappingNode)stream.Documents[0].RootNode;
        Assert.Equal(["apiVersion", "kind", "metadata", "spec"], Keys(root));
        Assert.Equal("opentelemetry.io/v1alpha1", root["apiVersion"].ToString());
        Assert.Subset(new HashSet<string> { "exporter", "resource", "propagators", "sampler", "defaults", "env", language }, Keys((YamlMappingNode)root["spec"]).ToHashSet());
        Assert.Subset(new HashSet<string> { "image", "env", "resourceRequirements", "volumeLimitSize", "volumeClaimTemplate", "extensions" }, Keys((YamlMappingNode)root["spec"][language]).ToHashSet());
        Assert.Equal(LanguageAgent.Of(Golden.Language(language))!.Image, root["spec"][language]["image"].ToString());
    }

    [Fact]
    public void Values_of_the_chart_are_alone_and_have_the_charts_names()
    {
        var rendering = KubernetesRenderer.Render(Options("go", KubernetesParts.Helm));

        Golden.Is("kubernetes.helm", rendering);
        var stream = new YamlStream();
        stream.Load(new StringReader(rendering.Text!));
        Assert.Equal(["image", "preset", "privileged", "config"], Keys((YamlMappingNode)stream.Documents[0].RootNode));
        Assert.NotEmpty(KubernetesRenderer.Render(Options("go", KubernetesParts.Helm, KubernetesParts.Obi)).Problems);
    }

    [Theory]
    [InlineData("go", KubernetesParts.Instrumentation, "--part obi")]
    [InlineData("ruby", KubernetesParts.Patch, "gantry render dockerfile --language ruby")]
    [InlineData("java", KubernetesParts.Agent, "--gantry-image")]
    [InlineData("java", "pods", "expected instrumentation, patch")]
    public void What_cannot_be_rendered_says_what_can(string language, string part, string words)
    {
        var rendering = KubernetesRenderer.Render(Options(language, part) with { GantryImage = "" });

        Assert.Null(rendering.Text);
        Assert.Contains(rendering.Problems, problem => problem.Contains(words, StringComparison.Ordinal));
    }

    [Fact]
    public void The_trap_of_a_configmap_as_confd_is_always_told_and_never_walked_into()
    {
        foreach (var language in MethodLanguages.All)
        {
            var rendering = KubernetesRenderer.Render(new KubernetesOptions { Render = Golden.Options(language.Id) });

            Assert.Contains(rendering.Notes, note => note.Contains("Never mount a ConfigMap as the injector's conf.d", StringComparison.Ordinal));
            Assert.DoesNotContain("conf.d", rendering.Text);
        }
    }

    private static KubernetesOptions Options(string language, params string[] parts) =>
        new() { Render = Golden.Options(language), Parts = parts, GantryImage = "registry.example/gantry-agent:1", Hub = "https://hub.example:4320" };

    private static IEnumerable<string> Keys(YamlMappingNode mapping) => mapping.Children.Keys.Select(key => key.ToString());
}
