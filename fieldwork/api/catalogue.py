"""Materials, hour types and projects."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from ninja import ModelSchema, Query, Router, Status

from fieldwork.api.door import ApiRequest
from fieldwork.api.forms import HourTypeFields, MaterialFields, ProjectFields
from fieldwork.api.records import own, page_of, save_record
from fieldwork.api.values import STRICT, Page, RecordParams, needs
from fieldwork.models import HourType, Material, Project

SEARCH_IN = ("number", "name", "short_text")
router = Router(tags=["Catalogue and projects"])


class MaterialIn(ModelSchema):
    model_config = STRICT

    class Meta:
        model = Material
        fields = MaterialFields.Meta.fields
        fields_optional = "__all__"


class MaterialOut(ModelSchema):
    class Meta:
        model = Material
        fields = ("id", *MaterialFields.Meta.fields, "updated_at")


class HourTypeIn(ModelSchema):
    model_config = STRICT

    class Meta:
        model = HourType
        fields = HourTypeFields.Meta.fields
        fields_optional = "__all__"


class HourTypeOut(ModelSchema):
    class Meta:
        model = HourType
        fields = ("id", *HourTypeFields.Meta.fields, "updated_at")


class ProjectIn(ModelSchema):
    model_config = STRICT
    customer: UUID | None = None

    class Meta:
        model = Project
        fields = tuple(name for name in ProjectFields.Meta.fields if name != "customer")
        fields_optional = "__all__"


class ProjectOut(ModelSchema):
    customer: UUID | None

    class Meta:
        model = Project
        fields = ("id", *ProjectIn.Meta.fields, "updated_at")

    @staticmethod
    def resolve_customer(project: Project) -> UUID | None:
        return project.customer_id


@router.get("/materials", response=Page[MaterialOut], summary="List materials")
def list_materials(request: ApiRequest, params: Query[RecordParams]) -> dict[str, Any]:
    return page_of(request, Material.objects.for_organization(request.firm), params, search_in=(*SEARCH_IN, "ean"))


@router.post("/materials", response={201: MaterialOut}, summary="Add a material", openapi_extra=needs("number", "name"))
def create_material(request: ApiRequest, given: MaterialIn) -> Status[Material]:
    offered = {"currency": request.firm.currency, "unit": "st"}
    material = Material(organization=request.firm)
    return Status(
        201, save_record(request, MaterialFields, material, given, initial=offered, organization=request.firm)
    )


@router.get("/materials/{uuid:pk}", response=MaterialOut, summary="A material")
def get_material(request: ApiRequest, pk: UUID) -> Material:
    return own(request, Material, pk)


@router.patch("/materials/{uuid:pk}", response=MaterialOut, summary="Change a material")
def change_material(request: ApiRequest, pk: UUID, given: MaterialIn) -> Material:
    material = own(request, Material, pk)
    changed: Material = save_record(request, MaterialFields, material, given, organization=request.firm)
    return changed


@router.get("/hour-types", response=Page[HourTypeOut], summary="List hour types")
def list_hour_types(request: ApiRequest, params: Query[RecordParams]) -> dict[str, Any]:
    return page_of(request, HourType.objects.for_organization(request.firm), params, search_in=SEARCH_IN)


@router.post(
    "/hour-types", response={201: HourTypeOut}, summary="Add an hour type", openapi_extra=needs("number", "name")
)
def create_hour_type(request: ApiRequest, given: HourTypeIn) -> Status[HourType]:
    offered = {"currency": request.firm.currency, "unit": "tim"}
    hour_type = HourType(organization=request.firm)
    return Status(
        201, save_record(request, HourTypeFields, hour_type, given, initial=offered, organization=request.firm)
    )


@router.get("/hour-types/{uuid:pk}", response=HourTypeOut, summary="An hour type")
def get_hour_type(request: ApiRequest, pk: UUID) -> HourType:
    return own(request, HourType, pk)


@router.patch("/hour-types/{uuid:pk}", response=HourTypeOut, summary="Change an hour type")
def change_hour_type(request: ApiRequest, pk: UUID, given: HourTypeIn) -> HourType:
    hour_type = own(request, HourType, pk)
    changed: HourType = save_record(request, HourTypeFields, hour_type, given, organization=request.firm)
    return changed


# --- projects -------------------------------------------------------------------


@router.get("/projects", response=Page[ProjectOut], summary="List projects")
def list_projects(request: ApiRequest, params: Query[RecordParams]) -> dict[str, Any]:
    return page_of(
        request,
        Project.objects.for_organization(request.firm),
        params,
        search_in=("number", "name", "customer__name"),
    )


@router.post("/projects", response={201: ProjectOut}, summary="Add a project", openapi_extra=needs("number", "name"))
def create_project(request: ApiRequest, given: ProjectIn) -> Status[Project]:
    project = Project(organization=request.firm)
    return Status(201, save_record(request, ProjectFields, project, given, organization=request.firm))


@router.get("/projects/{uuid:pk}", response=ProjectOut, summary="A project")
def get_project(request: ApiRequest, pk: UUID) -> Project:
    return own(request, Project, pk)


@router.patch("/projects/{uuid:pk}", response=ProjectOut, summary="Change a project")
def change_project(request: ApiRequest, pk: UUID, given: ProjectIn) -> Project:
    project = own(request, Project, pk)
    changed: Project = save_record(request, ProjectFields, project, given, organization=request.firm)
    return changed
